"""Child process that redraws a picture, its memory and time capped: a small file may hold many pixels.

`python -m assembly.files.picture_child WIDTH HEIGHT [png]`: the picture on standard input; on standard output its
media type, a line feed and the new picture. The exit code gives the error.
"""

import io
import sys
import warnings

from PIL import Image, ImageOps

from assembly.files import child_process

MAX_PIXELS = 32_000_000
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 15
BROKEN, TOO_LARGE = 3, 4  # `file_kinds.redraw_picture` reads them
FORMATS = ("PNG", "JPEG", "WEBP")


class PictureTooLarge(Exception):
    """Raised when a picture has more pixels than allowed."""


def redraw(content: bytes, size: tuple[int, int], *, as_png: bool) -> tuple[str, bytes]:
    """Return the pixels alone, no larger than `size`: metadata does not survive."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if not opened.info.get("progressive"):
            opened.draft("RGB", size)
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureTooLarge
        is_jpeg, transparent = opened.format == "JPEG", opened.has_transparency_data
        mode = "RGBA" if transparent or as_png else "RGB"
        picture = opened if opened.mode in {"RGB", "RGBA", "L"} else opened.convert(mode)
        picture.thumbnail(size)  # reduced first, so that no second large copy exists
        picture = ImageOps.exif_transpose(picture).convert(mode)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    target = io.BytesIO()
    if is_jpeg and not transparent and not as_png:
        clean.save(target, "JPEG", quality=88, optimize=True)
        return "image/jpeg", target.getvalue()
    clean.save(target, "PNG", optimize=True)
    return "image/png", target.getvalue()


def answer(width: str, height: str, *rest: str) -> int:
    """Read, redraw and write the picture; return the exit code."""
    try:
        media_type, content = redraw(sys.stdin.buffer.read(), (int(width), int(height)), as_png=bool(rest))
    except (PictureTooLarge, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_LARGE
    except (OSError, SyntaxError, ValueError):
        return BROKEN
    sys.stdout.buffer.write(media_type.encode() + b"\n" + content)
    return 0


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    sys.exit(answer(*sys.argv[1:]))
