"""How the styles of our documents lay out pages: what belongs together stays together."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

STYLES = settings.BASE_DIR / "static" / "css" / "print"
# In a process of its own, as always: importing WeasyPrint makes the whole process accept truncated pictures.
LAID_OUT = """
import json, sys
from weasyprint import CSS, HTML

def words_of(box):
    if hasattr(box, "text"):
        yield box.text
    for child in getattr(box, "children", ()):
        yield from words_of(child)

styles = [CSS(filename=sys.argv[1]), CSS(string="tr { break-inside: avoid } td { height: 9mm }")]
rows = "<tr><td>ligne</td></tr>" * 5
table = f"<table><caption>Absents</caption><thead><tr><th>Nom</th></tr></thead><tbody>{rows}</tbody></table>"
found = []
for millimetres in range(0, 240, 3):
    html = f"<body><div style='height: {millimetres}mm'>Avant</div>{table}</body>"
    pages = HTML(string=html).render(stylesheets=styles).pages
    found.append([list(words_of(page._page_box)) for page in pages])
print(json.dumps(found))
"""


@pytest.mark.parametrize("sheet", ["base.css", "proof_list.css"])
def test_the_title_of_a_table_never_ends_a_page(sheet):
    command = [sys.executable, "-c", LAID_OUT, str(STYLES / sheet)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    titled = [words for pages in found for words in pages if "Absents" in words]
    assert len(titled) == len(found) == 80
    assert [words for words in titled if "ligne" not in words] == []
