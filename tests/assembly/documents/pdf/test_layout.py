"""How the styles of our documents lay out pages: what belongs together stays together."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from weasyprint import CSS, HTML

STYLES = settings.BASE_DIR / "static" / "css" / "print"
ROWS = "<tr><td>ligne</td></tr>"


def words_of(box: Any) -> Iterator[str]:
    if hasattr(box, "text"):
        yield box.text
    for child in getattr(box, "children", ()):
        yield from words_of(child)


@pytest.mark.parametrize("sheet", ["base.css", "proof_list.css"])
def test_the_title_of_a_table_never_ends_a_page(sheet):
    alone = []
    for millimetres in range(0, 240, 3):
        table = (
            f"<table><caption>Absents</caption><thead><tr><th>Nom</th></tr></thead><tbody>{ROWS * 5}</tbody></table>"
        )
        html = f"<body><div style='height: {millimetres}mm'>Avant</div>{table}</body>"
        styles = [CSS(filename=STYLES / sheet), CSS(string="tr { break-inside: avoid } td { height: 9mm }")]
        for page in HTML(string=html).render(stylesheets=styles).pages:
            words = list(words_of(page._page_box))
            if "Absents" in words and "ligne" not in words:
                alone.append(millimetres)
    assert alone == []
