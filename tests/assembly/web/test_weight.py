"""The promises of the portal, kept by what the build writes: one small sheet, small fonts, no class undressed."""

import gzip
import re

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

DIST = settings.BASE_DIR / "static" / "dist"
TEMPLATES = settings.BASE_DIR / "templates"
FONTS = ["source-sans-3-400", "source-sans-3-600", "source-sans-3-400-italic"]
FACE = re.compile(r"dist/fonts/([\w-]+)\.woff2[^}]*?(?:unicode-range:([^}]*))?\}")
CLASS = re.compile(r'\sclass="([^"]*)"')
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")


def test_a_page_in_all_three_fonts_loads_less_than_40_kilobytes_beside_itself():
    """A first visit of an opinion: regular, strong and, for what was written so, italic."""
    sheet = len(gzip.compress((DIST / "css" / "portal.css").read_bytes()))
    fonts = [(DIST / "fonts" / f"{name}.woff2").stat().st_size for name in FONTS]
    assert sheet <= 15 * 1024
    assert max(fonts) <= 10 * 1024
    assert sheet + sum(fonts) <= 40 * 1024


@pytest.mark.parametrize("name", FONTS)
def test_a_browser_fetches_the_rest_of_a_font_for_its_own_signs_alone(name):
    """`unicode-range` tells it; a name from elsewhere is in the same hand as its neighbours."""
    french, more = (set(TTFont(DIST / "fonts" / f"{name}{part}.woff2").getBestCmap()) for part in ("", "-more"))
    faces = dict(FACE.findall((DIST / "css" / "portal.css").read_text()))
    assert faces[name] == ""
    told = [[int(end, 16) for end in ends.split("-")] for ends in re.findall(r"U\+([\w-]+)", faces[f"{name}-more"])]
    assert {sign for ends in told for sign in range(ends[0], ends[-1] + 1)} == more
    assert not french & more
    assert set(map(ord, "Où naît l’œuvre de Loïc, à 20 °C")) <= french
    assert set(map(ord, "ñãøß±≥")) <= more


def test_no_sheet_asks_for_a_file_of_another_site():
    for sheet in (DIST / "css").glob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", sheet.read_text()), sheet


def dressed():
    """Return the classes of both bundles, and of the sheets of single pages (static/css/<app>/<page>.css)."""
    own = (settings.BASE_DIR / "static" / "css").glob("*/*.css")
    text = "".join(path.read_text() for path in (*(DIST / "css").glob("*.css"), *own))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", text))


def test_every_class_of_a_screen_is_dressed():
    known, bare = dressed(), {}
    for path in TEMPLATES.rglob("*.html"):
        if {"pdf", "mail", "email"} & set(path.relative_to(TEMPLATES).parts):
            continue
        for found in CLASS.findall(TAG.sub("\x00", path.read_text())):
            for name in found.split():
                if "\x00" not in name and name not in known:
                    bare.setdefault(name, set()).add(str(path.relative_to(TEMPLATES)))
    assert bare == {}


@pytest.mark.django_db
def test_every_client_finds_an_icon_and_a_manifest(client):
    """Browsers ask /favicon.ico unasked, telephones a touch icon, « add to the home screen » a manifest."""
    ico, touch = client.get("/favicon.ico"), client.get("/apple-touch-icon.png")
    assert (ico.status_code, ico.content[:4]) == (200, b"\x00\x00\x01\x00")
    assert (touch.status_code, touch.content[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    manifest = client.get("/site.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    facts = manifest.json()
    assert (facts["lang"], facts["start_url"], [icon["sizes"] for icon in facts["icons"]]) == (
        "fr",
        "/ma-place/",
        ["192x192", "512x512"],
    )
    for icon in facts["icons"]:
        assert client.get(icon["src"]).content[:8] == b"\x89PNG\r\n\x1a\n"
