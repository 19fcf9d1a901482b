"""The square code printed on a document: the short permanent address of its verification page."""

import io

import segno

ASSET = "qr.svg"


def qr_svg(address: str) -> bytes:
    """Draw the address as an SVG picture with error correction M and no outer margin."""
    code = segno.make(address, error="m", micro=False)
    picture = io.BytesIO()
    code.save(
        picture, kind="svg", border=0, dark="#1d1b22", xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return picture.getvalue()
