"""Colours of the assembly: refused when unreadable on the site's backgrounds (WCAG 2.2, 1.4.3)."""

from django.utils.translation import gettext_lazy as _

PAPERS = ("#FCFAF6", "#ECE3D4")
LEAST = 4.5


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def worst_contrast(colour: str) -> float:
    """Return the contrast on the less favourable of the two backgrounds."""
    return min(contrast(colour, paper) for paper in PAPERS)


def is_readable(colour: str) -> bool:
    return worst_contrast(colour) >= LEAST


def picker_attributes(label: str) -> dict[str, object]:
    """Return texts and limits of a colour picker (`static/js/institution/colours.js`); # stands for the ratio."""
    return {
        "data-papers": " ".join(PAPERS),
        "data-least": str(LEAST),
        "data-good": _("Contraste # sur le papier du site : se lit bien."),
        "data-bad": _("Contraste # sur le papier du site : se lit mal, il faut au moins 4,5."),
        "data-wrong": _("Écrivez un dièse et six signes, de 0 à 9 et de A à F."),
        "data-pick": _("Choisir : %(label)s") % {"label": label},
        "data-sample": _("Exemple"),
    }


def mixed(colour: str, other: str, share: float) -> str:
    """Mix `share` of `other` into `colour`."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round((mine * (1 - share) + theirs * share) * 255):02X}" for mine, theirs in pairs)


def stylesheet(main: str, second: str) -> str:
    """Return the tokens of the light theme: the two colours and the shades derived from them."""
    tokens = {
        "--violet": main,
        "--violet-deep": mixed(main, "#000000", 0.3),
        "--violet-wash": mixed(main, "#FFFFFF", 0.92),
        "--violet-mid": mixed(main, "#FFFFFF", 0.4),
        "--focus": main,
        "--brick": second,
        "--brick-wash": mixed(second, "#FFFFFF", 0.9),
    }
    body = "".join(f"{name}:{value};" for name, value in tokens.items())
    return f"@media (prefers-color-scheme:light),print{{:root{{{body}}}}}\n"
