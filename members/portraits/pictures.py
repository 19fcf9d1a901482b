"""Photographs cut to the size of a card: the original does not stay."""

from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageOps

from assembly.files.fields import CheckedFile

SIZE = (480, 600)  # pixels, twice those of a card
QUALITY = 82


def card_picture(file: CheckedFile) -> CheckedFile:
    """Return the picture, redrawn at the gate already, cut to a card; nothing of the camera remains in it."""
    with Image.open(BytesIO(file.content)) as picture:
        card = ImageOps.fit(picture.convert("RGB"), SIZE, centering=(0.5, 0.4))
    content = BytesIO()
    card.save(content, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return replace(file, name="portrait.jpg", title="portrait", content_type="image/jpeg", content=content.getvalue())
