"""SVG drawings made by the server: the hemicycle, bars, shares. Each shows a true number and repeats it in its label.

Colours come from classes of the stylesheet, never from attributes: dark mode, print and the room display change them.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assembly.text.french import shortened

CENTRE_X, CENTRE_Y = 200, 196
RADII = (100.0, 116.3, 135.3, 157.3)
DOTS = (4.7, 5.4, 6.3, 7.4)
# Rings that leave more room in the middle, for a name that a whole hall reads.
WIDE_RADII = (110.8, 124.6, 140.1, 157.3)
WIDE_DOTS = (4.3, 5.0, 5.85, 6.9)
MOST_OF_A_GAP = 0.45  # radius of a seat, of the space between the middles of two seats of its row
ROW_CLASSES = "dcba"
LARGEST, CEILING, FLOOR = 16.0, 30.0, 205.0
LABEL_WIDTH, CHART_WIDTH, ROW_HEIGHT = 100, 320, 31
BESIDE, MOST_ABOVE, ABOVE = 15, 48, 16  # characters of a label beside its bar, and above it; the height of that line
BAR_ROOM = CHART_WIDTH - LABEL_WIDTH - 74
TONE_SHAPES = {"late": "M{x} {y}l6 11h-12z", "warn": "M{x} {y}h6l-5 5.5 5 5.5h-12l5-5.5-5-5.5z"}
TONE_WIDTH = 15
LINE_WIDTH, LINE_HEIGHT, LINE_TOP, LINE_FOOT, LINE_SIDE = 320, 150, 24, 24, 6


def seat_positions(
    total: int, radii: Sequence[float] = RADII, dots: Sequence[float] = DOTS, *, outer_first: bool = False
) -> list[tuple[float, float, float, int]]:
    """Return x, y, size and row of each seat, from left to right; at one angle the inner seat first, or the outer."""
    # Four for an assembly, fewer for a committee.
    rows = 4 if total >= 60 else 3 if total >= 32 else 2 if total >= 16 else 1
    if rows == 1:
        return single_row(total)
    larger = 1 + 0.05 * (4 - rows)
    seats = []
    for row in range(rows):
        ring = 4 - rows + row
        count = total // rows + (1 if row >= rows - total % rows else 0)
        size = min(dots[ring] * larger, math.pi * radii[ring] / max(count - 1, 1) * MOST_OF_A_GAP)
        for index in range(count):
            angle = math.pi * (1 - (index / (count - 1) if count > 1 else 0.5))
            x, y = CENTRE_X + radii[ring] * math.cos(angle), CENTRE_Y - radii[ring] * math.sin(angle)
            seats.append((-angle, -row if outer_first else row, x, y, size, ring))
    return [(x, y, size, ring) for _angle, _row, x, y, size, ring in sorted(seats)]


def single_row(total: int) -> list[tuple[float, float, float, int]]:
    """Return the positions of a small committee: one row, larger so that it still reads as a row."""
    ring = len(RADII) - 1
    reach, steps = RADII[ring] + DOTS[ring], max(total - 1, 1)
    size = min(LARGEST, math.pi * reach / steps * 0.3)
    angles = [math.pi * (1 - (index / steps if total > 1 else 0.5)) for index in range(total)]
    radius, ground = min(reach - size, FLOOR - CEILING - 2 * size), FLOOR - size
    return [(CENTRE_X + radius * math.cos(one), ground - radius * math.sin(one), size, ring) for one in angles]


def seat_shape(kind: str, x: float, y: float, size: float) -> SafeString:
    """Draw a seat: ● pour, ◆ contre, ○ abstention, ▬ ne se prononce pas, small dot = empty: no colour is needed."""
    match kind:
        case "contre":
            d = size * 1.15
            path = f"M{x:.1f} {y - d:.1f}l{d:.1f} {d:.1f}-{d:.1f} {d:.1f}-{d:.1f}-{d:.1f}z"
            return format_html('<path class="contre" d="{}"/>', path)
        case "nspp":
            box = (f"{x - size:.1f}", f"{y - size / 2.4:.1f}", f"{size * 2:.1f}", f"{size / 1.2:.1f}")
            return format_html('<rect class="nspp" x="{}" y="{}" width="{}" height="{}"/>', *box)
        case "vide":
            size *= 0.45
        case "abst" | "att":
            size -= 1
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, f"{x:.1f}", f"{y:.1f}", f"{size:.1f}")


def vote_mark(kind: str) -> SafeString:
    """Draw the shape of a vote, to stand beside its label."""
    return format_html(
        '<svg class="mark hemi" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', seat_shape(kind, 10, 10, 8)
    )


def hemicycle(
    groups: Sequence[tuple[str, int]], *, total: int, title: str, figure: str = "", legend: str = ""
) -> SafeString:
    """Draw seats filled from left to right by count, never by person; without groups, each row has its own tint."""
    return _hemicycle(tuple(groups), total, str(title), figure, legend)


@lru_cache(maxsize=64, typed=True)  # a SafeString is equal to the plain one, and not escaped
def _hemicycle(groups: tuple[tuple[str, int], ...], total: int, title: str, figure: str, legend: str) -> SafeString:
    """Draw and cache the hemicycle: 108 shapes with their labels, and pages show the same few again and again."""
    seats = seat_positions(max(total, sum(count for _kind, count in groups)))
    kinds: Iterator[str] = iter([kind for kind, count in groups for _ in range(count)])
    drawn = [
        seat_shape(next(kinds, "vide") if groups else ROW_CLASSES[ring], x, y, size) for x, y, size, ring in seats
    ]
    middle = SafeString("")
    if figure:
        middle = format_html(
            '<text class="mid1" x="200" y="172" text-anchor="middle">{}</text>'
            '<text class="mid2" x="200" y="193" text-anchor="middle">{}</text>',
            figure,
            legend,
        )
    return format_html(
        '<svg class="hemi" viewBox="33 29 334 177" role="img" aria-label="{}">{}{}</svg>',
        title,
        format_html_join("", "{}", ((shape,) for shape in drawn)),
        middle,
    )


def hemicycle_of(kinds: Sequence[str]) -> SafeString:
    """Draw each seat with its own kind and the tint of its row: ray by ray from the left, the outer seat first.

    It is decoration: the page repeats it in words. A script may change kinds, so all have one shape and size.
    """
    seats = seat_positions(len(kinds), WIDE_RADII, WIDE_DOTS, outer_first=True)
    dots = [
        (kind, ROW_CLASSES[ring], f"{x:.1f}", f"{y:.1f}", f"{size:.1f}")
        for kind, (x, y, size, ring) in zip(kinds, seats, strict=True)
    ]
    return format_html(
        '<svg class="hemi" viewBox="33 29 334 177" aria-hidden="true">{}</svg>',
        format_html_join("", '<circle class="{} {}" cx="{}" cy="{}" r="{}"/>', dots),
    )


@cache
def logo() -> SafeString:
    """Draw the small hemicycle of the header, nine rays of three dots; it is decoration beside the name."""
    dots = []
    for index in range(9):
        angle = math.pi * (1 - index / 8)
        for tint, radius, size in (("c", 19, 2.4), ("b", 26.5, 3.4), ("a", 37, 4.7)):
            dots.append((tint, f"{42 + radius * math.cos(angle):.1f}", f"{41 - radius * math.sin(angle):.1f}", size))
    return format_html(
        '<svg class="hemi" viewBox="0 0 84 46" aria-hidden="true">{}</svg>',
        format_html_join("", '<circle class="{}" cx="{}" cy="{}" r="{}"/>', dots),
    )


def bar_chart(rows: Sequence[dict[str, Any]], *, title: str, description: str = "", most: float = 0) -> SafeString:
    """Draw one bar a row: label, value, text (at its end); reference and reference_text draw a mark to compare with.

    `tone` is late or warn, as those states: another colour, and the shape of that state before the text. `most`: a
    value that charts side by side share as their scale.
    """
    drawn_values = [float(row.get(name) or 0) for row in rows for name in ("value", "reference")]
    biggest = max([*drawn_values, float(most)]) or 1
    above = ABOVE if any(len(str(row["label"])) > BESIDE for row in rows) else 0
    drawn = [bar_row(row, index, BAR_ROOM / biggest, above) for index, row in enumerate(rows)]
    summary = description or ", ".join(f"{row['label']} {row['text']}" for row in rows)
    height = len(rows) * (ROW_HEIGHT + above) + 2
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{} : {}">'
        '<line class="ax" x1="{}" y1="0" x2="{}" y2="{}"/>{}</svg>',
        CHART_WIDTH,
        height,
        title,
        summary,
        bars_left(above),
        bars_left(above),
        height,
        format_html_join("", "{}", ((shape,) for shape in drawn)),
    )


def bars_left(above: int) -> int:
    """Return the x where bars begin: beside their labels, or at the edge below them."""
    return 0 if above else LABEL_WIDTH


def bar_row(row: dict[str, Any], index: int, scale: float, above: int = 0) -> SafeString:
    """Draw one row of a bar chart.

    `above`: the height of a line for the label, where one is too long to stand beside its bar.
    """
    begin = index * (ROW_HEIGHT + above)
    top = begin + 7 + above
    length = float(row["value"] or 0) * scale
    left = bars_left(above)
    end = left + length
    tone = row.get("tone") or ""
    mark, second, sign = SafeString(""), SafeString(""), SafeString("")
    if row.get("reference") is not None:
        at = left + float(row["reference"]) * scale
        mark = format_html(
            '<rect class="halo" x="{}" y="{}" width="6" height="23"/>'
            '<rect class="v3" x="{}" y="{}" width="2.5" height="23"/>',
            f"{at - 1.8:.1f}",
            top - 4,
            f"{at:.1f}",
            top - 4,
        )
        second = format_html('<tspan class="t2" dx="5">{}</tspan>', row.get("reference_text", ""))
        end = max(end, at + 3)
    if tone:
        sign = format_html('<path class="{}" d="{}"/>', tone, TONE_SHAPES[tone].format(x=f"{end + 14:.1f}", y=top + 2))
        end += TONE_WIDTH
    return format_html(
        '<text x="{}" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="15" rx="1.5"/>{}{}'
        '<text x="{}" y="{}"><tspan class="hl">{}</tspan>{}</text>',
        6 if above else 0,
        begin + (14 if above else 19),
        shortened(str(row["label"]), MOST_ABOVE),
        tone or "v1",
        left,
        top,
        f"{length:.1f}",
        mark,
        sign,
        f"{end + 8:.1f}",
        top + 12,
        row["text"],
        second,
    )


def share_bar(parts: Iterable[tuple[str, int, str]]) -> SafeString:
    """Draw one bar in parts (class s1 to s4, count, label), told apart by patterns that the key below explains."""
    rows = list(parts)
    total = sum(count for _kind, count, _label in rows) or 1
    drawn, at = [], 0.0
    for kind, count, _label in rows:
        width = count / total * 1000
        drawn.append(share_segment(kind, at, max(width - 4, 0)))
        at += width
    return format_html(
        '<svg class="stack" viewBox="0 0 1000 28" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        ", ".join(f"{count} {label}" for _kind, count, label in rows),
        format_html_join("", "{}", ((shape,) for shape in drawn)),
    )


def share_segment(kind: str, at: float, width: float) -> SafeString:
    """Draw one part: plain, with upright stripes for the second, with slanted ones for the fourth."""
    stripes = ""
    if kind == "s2":
        stripes = "".join(f"M{x} 0v28" for x in range(13, int(width), 16))
    if kind == "s4":
        stripes = "".join(f"M{x} 28l28-28" for x in range(-24, int(width), 16))
    return format_html(
        '<svg class="{}" x="{}" width="{}" height="28"><rect width="100%" height="28"/><path d="{}"/></svg>',
        kind,
        f"{at:.1f}",
        f"{width:.1f}",
        stripes,
    )


def thin_bar(value: float, biggest: float, kind: str) -> SafeString:
    """Draw the bar of one line of a count; its number is written beside it."""
    width = value / biggest * 100 if biggest else 0
    return format_html(
        '<svg class="bar bar-{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="0" y="0" width="{}" height="10"/></svg>',
        kind,
        f"{max(width, 0.6):.1f}",
    )


def line_chart(
    points: Sequence[dict[str, Any]], *, title: str, aim: float | None = None, aim_text: str = ""
) -> SafeString:
    """Draw a value over time, from zero: label, value (None leaves a gap), text; `aim` draws a target line."""
    values = [float(one["value"]) for one in points if one["value"] is not None]
    top = max([*values, aim or 0.0], default=0.0) or 1.0
    places = line_points([one["value"] for one in points], top)
    known = [(place, one) for place, one in zip(places, points, strict=True) if place]
    ground = LINE_HEIGHT - LINE_FOOT
    aimed = SafeString("")
    if aim is not None:
        at = f"{ground - aim / top * (ground - LINE_TOP):.1f}"
        aimed = format_html('<line class="aim" x1="{}" y1="{}" x2="{}" y2="{}"/>', LINE_SIDE, at, LINE_WIDTH, at)
    summary = ", ".join(
        [f"{one['label']} {one['text']}" for _place, one in known[:: max(len(known) - 1, 1)]]
        + [aim_text] * bool(aim_text)
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{} : {}">'
        '<line class="ax" x1="0" y1="{}" x2="{}" y2="{}"/>{}<path class="tr" d="{}"/>{}</svg>',
        LINE_WIDTH,
        LINE_HEIGHT,
        title,
        summary,
        ground,
        LINE_WIDTH,
        ground,
        aimed,
        line_path(places),
        format_html_join("", "{}", ((shape,) for shape in line_ends(known, ground))),
    )


def line_points(values: Sequence[Any], top: float) -> list[tuple[float, float] | None]:
    ground, step = LINE_HEIGHT - LINE_FOOT, (LINE_WIDTH - 2 * LINE_SIDE) / max(len(values) - 1, 1)
    return [
        None if value is None else (LINE_SIDE + index * step, ground - float(value) / top * (ground - LINE_TOP))
        for index, value in enumerate(values)
    ]


def line_path(places: Sequence[tuple[float, float] | None]) -> str:
    """Return one stroke from each known value to the next one, interrupted at a gap."""
    drawn, is_down = [], False
    for place in places:
        if place:
            drawn.append(f"{'L' if is_down else 'M'}{place[0]:.1f} {place[1]:.1f}")
        is_down = place is not None
    return "".join(drawn)


def line_ends(known: Sequence[tuple[tuple[float, float], dict[str, Any]]], ground: float) -> Iterator[SafeString]:
    """Yield a dot and a label at the first and the last value: the table beside the chart has all values."""
    ends = [("start", known[0]), ("end", known[-1])] if len(known) > 1 else [("start", one) for one in known]
    for anchor, ((x, y), one) in ends:
        yield format_html('<circle class="dot v1" cx="{}" cy="{}" r="4.5"/>', f"{x:.1f}", f"{y:.1f}")
        x = max(x - LINE_SIDE, 0) if anchor == "start" else x + LINE_SIDE
        yield format_html(
            '<text class="hl" x="{}" y="{}" text-anchor="{}">{}</text>'
            '<text class="t2" x="{}" y="{}" text-anchor="{}">{}</text>',
            f"{x:.1f}",
            f"{y - 9:.1f}",
            anchor,
            one["text"],
            f"{x:.1f}",
            ground + 18,
            anchor,
            one["label"],
        )


def spark_line(values: Sequence[Any]) -> SafeString:
    """Draw the curve of a year beside its number; return nothing where the value never changed."""
    known = [float(value) for value in values if value is not None]
    if len(set(known)) < 2:
        return SafeString("")
    top = max(known) or 1.0
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/></svg>',
        LINE_WIDTH,
        LINE_HEIGHT,
        line_path(line_points(values, top)),
    )
