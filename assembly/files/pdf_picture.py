"""Picture of the first pages of a PDF, drawn by a process with capped memory and time, for readers of a receipt.

The browser opens no file that somebody sent: it shows this picture. `python -m assembly.files.pdf_picture`: the PDF on
standard input, a PNG on standard output.
"""

import io
import subprocess
import sys

from assembly.files import child_process

PAGES, WIDTH, HEIGHT = 3, 1000, 1600  # at most; pixels of each page
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 20


def draw_pages(content: bytes) -> bytes | None:
    """Return a PNG with the first pages one below the other, or None where they cannot be drawn within the caps."""
    try:
        run = child_process.run_module("assembly.files.pdf_picture", content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return run.stdout if run.returncode == 0 else None


def write_picture() -> None:
    import pypdfium2  # noqa: PLC0415 -- only this process opens untrusted files
    from PIL import Image  # noqa: PLC0415 -- the web process draws nothing

    pictures = []
    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        for number in range(min(PAGES, len(document))):
            page = document[number]
            scale = min(WIDTH / page.get_width(), HEIGHT / page.get_height())
            pictures.append(page.render(scale=scale).to_pil().convert("RGB"))
    width, height = max(each.width for each in pictures), sum(each.height for each in pictures)
    sheet, top = Image.new("RGB", (width, height), "white"), 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height
    target = io.BytesIO()
    sheet.save(target, "PNG")
    sys.stdout.buffer.write(target.getvalue())


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    write_picture()
