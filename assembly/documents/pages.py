"""From a template of an app to a `Source` of the renderer: style sheet, colours, logo, QR code, signature fields."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from assembly.documents.pdf.source import Enclosure, RenderSource
from assembly.institution.models import Assembly
from assembly.ui.drawings import logo

SHEETS = settings.BASE_DIR / "static" / "css" / "print"
QR_ASSET = "qr.svg"
DRAFT_ASSET = "projet.svg"
DRAFT_SHEET = f"@page{{background:url(asset:{DRAFT_ASSET}) center/100% no-repeat}}"
DRAFT_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><text x="105" y="160" text-anchor="middle" '
    b'font-family="Source Sans 3" font-weight="700" font-size="46" fill="#ece6f2" '
    b'transform="rotate(-55 105 148)">PROJET</text></svg>'
)
MARK_TINTS = {"b": "#8B72B5", "c": "#D9A48F"}


@cache
def _kept_sheet(name: str, changed: float) -> str:
    return (SHEETS / f"{name}.css").read_text(encoding="utf-8")


def sheet(name: str) -> str:
    """The text of `static/css/print/<name>.css`, read again when it changes."""
    return _kept_sheet(name, (SHEETS / f"{name}.css").stat().st_mtime)


def verification_address(reference: str) -> str:
    """The short permanent address printed on a document and held by its square code."""
    return f"{settings.SITE_URL}{reverse('documents:verify-short', args=[reference])}"


def brand_mark(colour: str) -> bytes:
    """The small hemicycle of the header as a picture of its own, in the colour of the assembly."""
    drawn = str(logo()).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    for name, tint in {"a": colour, **MARK_TINTS}.items():
        drawn = drawn.replace(f'class="{name}"', f'fill="{tint}"')
    return drawn.encode()


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
    sealed: bool = False,
    draft: bool = False,
) -> RenderSource:
    """Render a template that extends `documents/pdf/base.html` into a source.

    `sheets` are names of files of `static/css/print/`, after `base`. With `sealed` the page gets the field of the
    seal (and of the timestamp where an authority is configured) and the square code; with `draft`, « PROJET » across
    each page.
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
        "printed_address": urlsplit(address).netloc + urlsplit(address).path,
    }
    assets = {"marque.svg": brand_mark(assembly.colour_main), QR_ASSET: qr_svg(address)}
    if assembly.logo_png:
        assets["logo.png"] = bytes(assembly.logo_png)
    if draft:
        assets[DRAFT_ASSET] = DRAFT_PICTURE
    return RenderSource(
        html=render_to_string(template, {**context, "page": page}),
        stylesheets=[sheet("base"), *(sheet(name) for name in sheets), *([DRAFT_SHEET] if draft else [])],
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
