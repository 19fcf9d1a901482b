"""Lists edited line by line, such as an agenda or a plan: durations as people type them, lists pasted from elsewhere.

Each line is a form of its own, saved by the versioned save; every other step is a button of that form, whose response
leads back to the page. `static/js/ui/outline.js` requests that page for its outline alone (`outline_response`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.text.french import format_duration
from assembly.web.errors import EditConflict
from assembly.web.forms import StyledForm
from assembly.web.versioned import UNPROCESSABLE, Attempt, Difference, attempt, autosave_response

LINE = "line"
MOST_LINES = 60
MINUTE = r"(?:min(?:ute)?s?|mn)\.?"
DURATION = rf"\d{{1,2}}\s*h(?:eures?)?(?:\s*[0-5]?\d(?:\s*{MINUTE})?)?|\d{{1,3}}\s*{MINUTE}"
HOURS = re.compile(rf"(\d{{1,2}})\s*h(?:eures?)?\s*(?:([0-5]?\d)\s*(?:{MINUTE})?)?", re.IGNORECASE)
MINUTES = re.compile(rf"(\d{{1,3}})\s*(?:{MINUTE}|')?", re.IGNORECASE)
CLOCK = r"\d{1,2}\s*[h:]\s*(?:[0-5]\d)?"
AT_HOURS = re.compile(rf"({CLOCK})(?:\s*(?:[-–—]|à)\s*({CLOCK}))?\s*[-–—:|.]?\s+(?=\S)", re.IGNORECASE)
AT_END = re.compile(
    rf"(.*\S)\s*(?:[-–—:;,|/\t]\s*({DURATION})|\(\s*({DURATION}|\d{{1,3}})\s*\)|\t\s*(\d{{1,3}}))", re.IGNORECASE
)
NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})+[.)]?\s+|\d{1,2}\s*[.)°]\s*[-–]?\s+|\d{1,2}\t+")
BULLET = re.compile(r"[a-z]\)\s+|o\t+|[-–—*•·▪◦‣\uf0a7\uf0b7]\s*")
SECOND_LEVEL = re.compile(r"\d{1,2}\.\d|[a-z]\)|o\t|◦")


@dataclass(frozen=True)
class PastedLine:
    """Line of a list written elsewhere; `minutes` is None where it has no duration."""

    title: str
    depth: int
    minutes: int | None = None


def minutes_of(text: str) -> int | None:
    """Return « 20 », « 20 min », « 1 h », « 1h30 » as minutes; None for anything else."""
    stripped = text.strip()
    if match := MINUTES.fullmatch(stripped):
        return int(match[1])
    if match := HOURS.fullmatch(stripped):
        return int(match[1]) * 60 + int(match[2] or 0)
    return None


def pasted_lines(text: str) -> list[PastedLine]:
    """Parse a list from mail, text and spreadsheet programs: drop numbers, bullets and times, read durations.

    A line that is indented, numbered « 2.1 », or a bullet of a numbered list is of the second level.
    """
    rows = [row.replace("\u00a0", " ").replace("\u202f", " ").rstrip() for row in text.splitlines() if row.strip()]
    least = min((indent_of(row) for row in rows), default=0)
    is_numbered = any(NUMBER.match(row.lstrip()) for row in rows)
    lines = [pasted_line(row.lstrip(), is_set_in=indent_of(row) > least, is_numbered=is_numbered) for row in rows]
    return [line for line in lines if line.title]


def pasted_line(row: str, *, is_set_in: bool, is_numbered: bool) -> PastedLine:
    number, bullet = NUMBER.match(row), BULLET.match(row)
    is_second = is_set_in or bool(SECOND_LEVEL.match(row)) or (is_numbered and bullet is not None)
    marker = number or bullet
    rest = row[marker.end() :] if marker else row
    minutes = None
    if hours := AT_HOURS.match(rest):
        rest, minutes = rest[hours.end() :], duration_between(hours[1], hours[2])
    if ended := AT_END.fullmatch(rest):
        rest, minutes = ended[1], minutes_of(ended[2] or ended[3] or ended[4])
    return PastedLine(" ".join(rest.split()), 1 if is_second else 0, minutes)


def duration_between(begun: str, ended: str | None) -> int | None:
    """Return the minutes from one time of a day to a later one."""
    if ended is None:
        return None
    first, last = (minutes_of(hour.replace(":", "h")) or 0 for hour in (begun, ended))
    return last - first if last > first else None


def indent_of(row: str) -> int:
    """Return how far a row is indented, in half tabs of two spaces; a single space is a typing error."""
    space = row[: len(row) - len(row.lstrip())]
    return len(space.expandtabs(4)) // 2


class DurationField(forms.Field):
    """Field for a duration as people type it; `clean()` gives minutes."""

    default_error_messages = {"invalid": _("Écrivez une durée comme 20, 45 min, 1 h ou 1 h 30, dix heures au plus.")}

    def prepare_value(self, value: Any) -> Any:
        minutes = value if isinstance(value, int) else minutes_of(str(value or ""))
        return value if minutes is None else format_duration(minutes)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        minutes = minutes_of(str(value))
        if minutes is None or minutes > 600:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return minutes


class LineTitleField(forms.CharField):
    """Field for one line of text in a box that grows with it."""

    widget = forms.Textarea(attrs={"rows": 1})

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class OutlineLineForm(StyledForm):
    """Form of a line; pages add fields. `line` distinguishes it from the whole form at the same address."""

    line = forms.CharField(widget=forms.HiddenInput, initial="1")
    title = LineTitleField(label=_("Titre"))
    version = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def values(self) -> dict[str, Any]:
        """Return the values that the action writes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in (LINE, "version")}


class LinePositionForm(forms.Form):
    """Form with the position of new lines: below the line `after`, else where the list adds its new lines."""

    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    depth = forms.IntegerField(required=False, min_value=0, max_value=1, widget=forms.HiddenInput)

    @property
    def position(self) -> tuple[int | None, int]:
        """Return `after` and `depth` for the action; values that no page of ours wrote are ignored."""
        fields = self.cleaned_data if self.is_valid() else {}
        return fields.get("after"), fields.get("depth") or 0


class PasteForm(LinePositionForm):
    """Form for a list pasted from elsewhere."""

    text = forms.CharField(max_length=20_000, strip=False)

    def clean_text(self) -> list[PastedLine]:
        lines = pasted_lines(self.cleaned_data["text"])
        if not 0 < len(lines) <= MOST_LINES:
            raise ValidationError(_("Collez de une à %(most)s lignes à la fois.") % {"most": MOST_LINES})
        return [replace(line, title=line.title[:200]) for line in lines]


class OrderForm(forms.Form):
    """Form with the order after a drag, and each line’s level: « 12:0,15:1,13:0 »."""

    order = forms.RegexField(r"^[0-9]{1,18}:[01](,[0-9]{1,18}:[01]){0,199}$")

    def pairs(self) -> list[tuple[int, int]]:
        pairs = (pair.split(":") for pair in self.cleaned_data["order"].split(","))
        return [(int(pk), int(depth)) for pk, depth in pairs]


def address_with_new_rows(address: str, rows: Iterable[Any]) -> str:
    """Return the address of the list with the keys of the new lines, so that the script can offer to undo them."""
    return f"{address}?{urlencode({'made': ','.join(str(row.pk) for row in rows)})}"


def is_outline_request(request: HttpRequest) -> bool:
    """Return whether the script requests the outline of a page after a step."""
    return request.method == "GET" and request.headers.get("Accept") == "application/json"


def outline_response(request: HttpRequest, outline: Callable[[], str]) -> JsonResponse:
    """Return the outline alone, with the messages, for the script that requests the page after a step."""
    text = " ".join(str(message) for message in messages.get_messages(request))
    return JsonResponse({"outline": outline(), "message": text})


def line_response(
    form: forms.Form,
    save: Callable[[Any], Any],
    *,
    mark: Callable[[Any], str],
    outline: Callable[[], str],
    compare: Callable[[EditConflict], Sequence[Difference]] | None = None,
) -> JsonResponse:
    """Save what the script sends while a line is typed.

    `save(version)` returns the row, `mark(row)` its version.
    """
    tried = attempt(form, save, compare=compare)
    if tried.saved is None:
        return autosave_response(form, tried, 0, None)
    return autosave_response(form, tried, mark(tried.saved), timezone.now(), made=tried.saved.pk, outline=outline())


def paste_refusal(form: PasteForm) -> JsonResponse:
    """Return why a pasted list was refused."""
    return autosave_response(form, Attempt(UNPROCESSABLE), 0, None)
