"""Portraits of members on « Qui siège »: drawings that hold the place of photographs, and a few words."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from assembly.files.fields import check_file
from demo.context import DemoContext, at
from members.consents.actions import decide_image
from members.enums import ImageUse
from members.portraits import actions

SMOOTH: Final = 2  # drawing scale before the reduction: Pillow has no soft edges
WIDTH, HEIGHT = 480, 600
# Wall, coat, skin and hair of each drawing.
COLOURS: Final = (
    ("#DDE5DC", "#4B2A7B", "#E2B48F", "#3B2A20"),
    ("#E8E2D6", "#2F6F73", "#8D5A3B", "#1D1B22"),
    ("#E3DDEA", "#A23B3B", "#F0C9A6", "#D9D6D0"),
    ("#D8E2E8", "#3E5C9A", "#C98E63", "#1D1B22"),
    ("#EADFD8", "#7A8B3C", "#F0C9A6", "#7A4A24"),
    ("#DDE5DC", "#5E4B8B", "#B5774D", "#D9D6D0"),
)
# Rank among the members, and statement; the last one waits to be read.
STATEMENTS: Final = (
    (3, "Je n’avais jamais poussé la porte du Conseil départemental. Maintenant je sais qui décide quoi."),
    (17, "Chez nous, le premier médecin est à quarante minutes. Je suis là pour le dire."),
    (38, "On n’est pas d’accord sur tout, et c’est ce qui me plaît."),
    (55, "J’ai cru à une publicité. Mon fils m’a dit de rappeler."),
    (72, "Je parle peu, mais on m’écoute jusqu’au bout."),
    (90, "J’ai appris à lire un budget, à 71 ans."),
)


def draw_portrait(number: int) -> bytes:
    """Draw a head and shoulders and return them as a PNG."""
    wall, coat, skin, hair = COLOURS[number % len(COLOURS)]
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), wall)
    pen = ImageDraw.Draw(image)

    def oval(left: int, top: int, right: int, bottom: int, colour: str) -> None:
        pen.ellipse([side * SMOOTH for side in (left, top, right, bottom)], fill=colour)

    oval(60, 400, 420, 900, coat)
    pen.rectangle([side * SMOOTH for side in (205, 330, 275, 440)], fill=skin)
    oval(140, 110, 340, 350, hair)
    oval(152, 150, 328, 385, skin)
    target = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue()


def make_portraits(context: DemoContext) -> None:
    """Record consents and portraits that came on paper; put all but the last one online."""
    officer, term = context.officer, context.term
    for number, (rank, statement) in enumerate(STATEMENTS):
        member = context.mandates[rank].member
        photo = check_file("portrait.png", draw_portrait(number), kinds=("image",), max_size=1_000_000)
        with at("2026-03-03 10:00"):
            decide_image(member, {ImageUse.WEBSITE: True}, by=officer, term=term, channel="paper")
            portrait = actions.write_portrait(member, statement=statement, photo=photo, by=officer, term=term)
        if number < len(STATEMENTS) - 1:
            with at("2026-03-04 11:00"):
                actions.publish_portrait(portrait, version=portrait.version, by=officer, term=term)
