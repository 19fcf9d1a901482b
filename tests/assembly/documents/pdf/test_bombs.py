"""Small files that would cost minutes or gigabytes: each ends inside its limit, and the next document prints."""

import contextlib
import io
import time

import pytest
from PIL import Image

from assembly.documents.pdf.render import RenderFailed, render
from tests.assembly.documents.pages import source

pytestmark = pytest.mark.long

USES = "".join(f'<g id="u{i}">{f"""<use href="#u{i - 1}"/>""" * 10}</g>' for i in range(1, 12))
SVG_BOMB = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="u0"><path d="M0 0h9"/></g>{USES}</svg>'.encode()
)


def big_picture():
    output = io.BytesIO()
    Image.new("RGB", (22_000, 22_000)).save(output, "PNG")
    return output.getvalue()


BOMBS = {
    "colspan": lambda: source('<table><tr><td colspan="1000000">a</td></tr></table>'),
    "tiny pages": lambda: source("<p>" + "mot " * 20_000, stylesheets=["@page{size:8mm;margin:0}"]),
    "nested use": lambda: source(
        '<img src="asset:bomb.svg" alt="x">', assets={"bomb.svg": SVG_BOMB, "qr.svg": b"<svg/>"}
    ),
    "deep quotes": lambda: source("<blockquote>" * 3000 + "x"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_inside_its_limit(name):
    bomb = BOMBS[name]()
    start = time.monotonic()
    with pytest.raises(RenderFailed) as failure:
        render(bomb)
    assert time.monotonic() - start < 110
    assert failure.value.code in {"time", "memory", "depth", "error"}
    assert failure.value.sentence
    assert render(source("<p>Le document suivant</p>")).startswith(b"%PDF-1.7")


LARGE = {
    # 22,000 points a side, 1 MB on disk
    "picture": lambda: source('<img src="asset:p.png" alt="x">', assets={"p.png": big_picture(), "qr.svg": b"<svg/>"}),
    "text": lambda: source("<p>" + "mot " * 900_000),  # just below the size that is refused unread
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_ends_inside_the_limits_either_way(name):
    """Printed by a machine that is fast enough, else refused: never more than what the process may take."""
    large = LARGE[name]()
    start = time.monotonic()
    with contextlib.suppress(RenderFailed):
        assert render(large).startswith(b"%PDF-1.7")
    assert time.monotonic() - start < 110
    assert render(source("<p>Le document suivant</p>")).startswith(b"%PDF-1.7")
