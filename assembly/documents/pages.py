"""Conversion of a template to a `RenderSource`: style sheet, colours, logo, cover, QR code, signature fields."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from assembly.documents.pdf.source import Enclosure, RenderSource
from assembly.institution.models import Assembly
from assembly.web.drawings import hemicycle, logo, vote_mark

PICTURE = "hemicycle.svg"
LONG_TITLE = 70


@dataclass(frozen=True)
class Cover:
    """The contents of `documents/pdf/cover.html`.

    `votes`: kind of seat, number, label; without a vote, every seat alike. `seats`: how many seats are drawn; `figure`
    and `legend` are in their middle; `alt_text` is the text alternative of the picture.
    """

    kicker: str
    title: str
    lines: Sequence[str]
    seats: int
    figure: str
    legend: str
    alt_text: str
    votes: Sequence[tuple[str, int, str]] = ()
    rows: Sequence[tuple[str, str]] = ()

    @property
    def is_long(self) -> bool:
        return len(self.title) > LONG_TITLE

    @property
    def drawings(self) -> dict[str, SafeString]:
        """Return the hemicycle, then the mark of each answer, by the name that the page uses."""
        groups = [(kind, number) for kind, number, _label in self.votes]
        picture = hemicycle(groups, total=self.seats, title=self.alt_text, figure=self.figure, legend=self.legend)
        return {PICTURE: picture, **{f"{kind}.svg": vote_mark(kind) for kind, _number, _label in self.votes}}


SHEETS = settings.BASE_DIR / "static" / "css" / "print"
QR_ASSET = "qr.svg"
DRAFT_ASSET = "projet.svg"
DRAFT_SHEET = f"@page{{background:url(asset:{DRAFT_ASSET}) center/100% no-repeat}}"
DRAFT_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><text x="105" y="160" text-anchor="middle" '
    b'font-family="Source Sans 3" font-weight="700" font-size="46" fill="#ece6f2" '
    b'transform="rotate(-55 105 148)">PROJET</text></svg>'
)
# The attributes of a drawing's classes on paper; `a`, « pour » and the figure have the colour of the assembly.
TINTS = {
    "b": 'fill="#8B72B5"',
    "c": 'fill="#D9A48F"',
    "d": 'fill="#CDBEA4"',
    "contre": 'fill="#A8452E"',
    "abst": 'fill="none" stroke="#8A5A00" stroke-width="2.4"',
    "nspp": 'fill="#544E5C"',
    "vide": 'fill="#C9BFAE"',
    "mid2": 'font-family="Source Sans 3" font-size="15.5" fill="#1d1b22"',
}


@cache
def _cached_sheet(name: str, changed: float) -> str:
    return (SHEETS / f"{name}.css").read_text(encoding="utf-8")


def sheet(name: str) -> str:
    """Return the text of `static/css/print/<name>.css`, read again when it changes."""
    return _cached_sheet(name, (SHEETS / f"{name}.css").stat().st_mtime)


def verification_address(reference: str) -> str:
    """Return the short permanent address that is printed on a document and encoded in its QR code."""
    return f"{settings.SITE_URL}{reverse('documents:verify-short', args=[reference])}"


def picture(drawn: SafeString, colour: str) -> bytes:
    """Return a drawing of `assembly.web.drawings` as an SVG file, in the colour of the assembly."""
    fill = f'fill="{colour}"'
    figure = f'{fill} font-family="Source Sans 3" font-weight="700" font-size="46"'
    svg = str(drawn).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    for name, attributes in {**TINTS, "a": fill, "pour": fill, "mid1": figure}.items():
        svg = svg.replace(f'class="{name}"', attributes)
    return svg.encode()


def qr_svg(address: str) -> bytes:
    """Draw the address as an SVG picture with error correction M and no outer margin."""
    code = segno.make(address, error="m", micro=False)
    picture = io.BytesIO()
    code.save(
        picture, kind="svg", border=0, dark="#1d1b22", xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return picture.getvalue()


def page_source(
    template: str,
    context: Mapping[str, Any],
    *,
    assembly: Assembly,
    title: str,
    reference: str,
    made_at: datetime,
    sheets: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    attachments: Sequence[Enclosure] = (),
    cover: Cover | None = None,
    sealed: bool = False,
    draft: bool = False,
) -> RenderSource:
    """Render a template that extends `documents/pdf/base.html` into a source.

    `sheets` are names of files of `static/css/print/`, after `base`. With `sealed` the page gets the field of the seal
    (and of the timestamp where an authority is configured) and the QR code; with `draft`, « PROJET » across each page.
    `cover` is its whole first page; without one, the title stands above the text.
    """
    address = verification_address(reference)
    timestamp = sealed and bool(settings.TSA_URL)
    page = {
        "title": title,
        "reference": reference,
        "made_at": made_at,
        "assembly": assembly,
        "sealed": sealed,
        "timestamp": timestamp,
        "draft": draft,
        "cover": cover,
        "printed_address": urlsplit(address).netloc + urlsplit(address).path,
    }
    drawings = {"marque.svg": logo(), **(cover.drawings if cover else {})}
    assets = {name: picture(drawn, assembly.colour_main) for name, drawn in drawings.items()}
    assets[QR_ASSET] = qr_svg(address)
    if assembly.logo_png:
        assets["logo.png"] = bytes(assembly.logo_png)
    if draft:
        assets[DRAFT_ASSET] = DRAFT_PICTURE
    return RenderSource(
        html=render_to_string(template, {**context, "page": page}),
        stylesheets=[*map(sheet, ["base", *(["cover"] if cover else []), *sheets]), *([DRAFT_SHEET] if draft else [])],
        title=title,
        reference=reference,
        created_at=made_at,
        data=data,
        facts=facts,
        attachments=attachments,
        cachet=sealed,
        timestamp=timestamp,
        author=assembly.name,
        assets=assets,
    )
