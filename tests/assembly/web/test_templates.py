import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

from assembly.calendar.models import KIND_LABELS
from assembly.institution import menu
from tests.browsing import faults

TEMPLATES = settings.BASE_DIR / "templates"
REFUSALS = ["400", "403", "404", "409", "413", "429", "500", "503"]


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_says_what_and_the_way_out(status):
    page = render_to_string(f"{status}.html", {"request_id": "abc-12345678", "path": "/x", "back": "/y"})
    assert page.count("<h1>") == 1
    assert 'lang="fr"' in page
    assert "btn btn-primary" in page
    assert faults(page) == []
    assert not re.search(r"\b(erreur est survenue|error|exception|403|404|500)\b", re.sub(r"<[^>]+>", " ", page), re.I)


@pytest.mark.parametrize("status", [status for status in REFUSALS if status != "503"])
def test_a_refusal_has_its_short_form(status):
    part = render_to_string(f"{status}.html#refusal", {})
    assert part.startswith('<div class="alert alert-late" role="alert">')


@pytest.mark.parametrize("path", sorted((TEMPLATES / "ui").glob("*.html")), ids=lambda path: path.name)
def test_every_component_compiles(path):
    assert get_template(f"ui/{path.name}").origin.name == str(path)


def test_attributes_of_htmx_are_written_as_data():
    """HTML has no `hx-get`: validators refuse it, and htmx reads `data-hx-get` as well."""
    sources = {path: path.read_text() for path in TEMPLATES.rglob("*.html")}
    assert [path.name for path, text in sources.items() if re.search(r"\shx-", text)] == []


@pytest.mark.django_db
def test_the_living_page_holds_every_component(client):
    page = client.get("/composants/").content.decode()
    assert page.count("<h1") == 1
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


def test_no_component_carries_style_or_script():
    for path in (*(TEMPLATES / "ui").glob("*.html"), *(TEMPLATES / "layouts").glob("*.html")):
        text = Path(path).read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=", text), path


def test_the_sprite_holds_the_icons_that_are_named_and_no_other():
    sprite = (settings.BASE_DIR / "static/dist/img/icons.svg").read_text()
    named = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    lines = {line.icon for line in menu.entries if line.icon} | {heading.icon for heading in menu.MenuHeading}
    kinds = {icon for icon, _noun in KIND_LABELS.values()}
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == named | lines | kinds


def test_an_address_hides_no_row():
    """`{% url … as opinion %}` would empty every `{{ opinion.… }}` that follows it, in silence."""
    hidden = []
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r'"[^"]*"', '""', path.read_text())
        hidden += [
            f"{path.relative_to(TEMPLATES)}: {name}"
            for name in set(re.findall(r"{% url [^%]*? as (\w+) %}", text))
            if re.search(rf"(?<![\w.]){name}\.\w", re.sub(r"{# .*? #}", "", text))
        ]
    assert hidden == []
