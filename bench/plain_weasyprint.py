"""WeasyPrint alone, in a process like that of our documents: the baseline of bench/pdf.py.

The same page, style sheets and fonts (read once per process), the same variant of PDF, the same care for the garbage
collector, or the baseline would be slower than it is. What ours adds is left out: the structure that UA-1 asks for,
embedded data, signature fields, the re-pack, caps.
"""

import gc
import os
import sys

from weasyprint import HTML

from assembly.documents.pdf import wire
from assembly.documents.pdf.engine import VARIANT, AssetFetcher, Engine
from assembly.documents.pdf.source import RenderSource
from assembly.text import typefaces


def write(engine: Engine, source: RenderSource) -> bytes:
    """Render a source as WeasyPrint’s documentation describes; `engine` has the fonts and the sheets."""
    page = HTML(string=source.html, base_url="asset:", url_fetcher=AssetFetcher(source.assets))
    sheets = [engine.sheet(text) for text in (typefaces.face_rules(), *source.stylesheets)]
    return page.write_pdf(stylesheets=sheets, font_config=engine.font_config, pdf_variant=VARIANT)


def main() -> None:
    """Render sources one after the other until the pipe closes."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    engine = Engine()
    gc.collect()
    gc.freeze()
    while True:
        try:
            message = wire.receive_message(sys.stdin.buffer)
        except EOFError:
            return
        wire.send_message(pipe, write(engine, wire.source_from_json(message)))


if __name__ == "__main__":
    main()
