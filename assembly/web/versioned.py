"""Versioned saves (optimistic lock): one UPDATE … WHERE version, and the answer to the save that came second.

`Versioned.save` is the compare-and-swap of the actions; views call it through `attempt`; a form that came too late
carries `conflict`, both texts, which `ui/error_summary.html` shows above it and `autosave_response` sends to a script.
"""

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, BooleanField, ChoiceField, HiddenInput, IntegerField
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assembly.text.french import format_time
from assembly.web.errors import EditConflict
from assembly.web.forms import StyledModelForm, attach_refusal

CONFLICT, UNPROCESSABLE = 409, 422


@dataclass(frozen=True)
class Versioned:
    """Columns by which the rows of one model count their saves: the version, who saved last and when."""

    version: str = "version"
    by: str = ""
    at: str = ""

    def save(self, row: models.Model, values: Mapping[str, Any], *, version: int, **where: Any) -> int:
        """Write `values` if the row is still at `version` and matches `where` (a state); return the new version.

        `row` gets the written values. Raise EditConflict when another save was first: nothing is written.
        """
        written = {**values, self.version: version + 1}
        manager = type(row)._base_manager
        if not manager.filter(pk=row.pk, **{self.version: version}, **where).update(**written):
            raise self.conflict(row, values)
        for name, value in written.items():
            setattr(row, name, value)
        return version + 1

    def conflict(self, row: models.Model, typed: Mapping[str, Any], *, is_closed: bool = False) -> EditConflict:
        """Build the exception, with the row as the database has it; a row that was never saved is at version 0."""
        is_stored = not row._state.adding
        current = type(row)._base_manager.get(pk=row.pk) if is_stored else row
        return EditConflict(
            current,
            typed,
            version=getattr(current, self.version) if is_stored else 0,
            by=getattr(current, self.by) if is_stored and self.by else None,
            at=getattr(current, self.at) if is_stored and self.at else None,
            is_closed=is_closed,
        )


def field_changes(
    stored: Mapping[str, Any], typed: Mapping[str, Any], read: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what this writer changed in a form with several writers, and of this what somebody else changed too.

    `stored`: the present values of the row; `read`: the value of each field when this writer read it. A field without
    one counts as changed by both, unless both values are the same.
    """
    unread = object()
    changed = {name: text for name, text in typed.items() if text not in (stored[name], read.get(name, unread))}
    clash = {name: text for name, text in changed.items() if stored[name] != read.get(name, unread)}
    return changed, clash


def fingerprint_of(row: models.Model, names: Iterable[str]) -> str:
    """Return a short fingerprint of what a form showed of a row, as the version of rows that count no saves."""
    values = [getattr(row, name) for name in sorted(names)]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Difference:
    """Field in which two copies differ, as a reader reads it."""

    label: str
    theirs: str
    yours: str
    is_html: bool = False


@dataclass(frozen=True)
class Comparison:
    """Both texts of a late save, for the page."""

    conflict: EditConflict
    rows: Sequence[Difference]


@dataclass(frozen=True)
class Attempt[T]:
    """Result of a form: what the action returned, or the status of the page that shows the form (again)."""

    status: int = 200
    is_saved: bool = False
    saved: T | None = None


def attempt[T](
    form: Any,
    save: Callable[[Any], T],
    *,
    compare: Callable[[EditConflict], Sequence[Difference]] | None = None,
    field: str | None = None,
    version: str = "version",
) -> Attempt[T]:
    """Validate a form and run its action `save(version)`; a form that was not sent is left alone (200).

    A conflict (409) stores on the form what `compare` returns, and the version to save over: sending it again is then
    a choice; without `compare` it is raised. A ValidationError (422) is shown at the field that `refuse` chooses.
    """
    if not form.is_bound:
        return Attempt()
    if not form.is_valid():
        return Attempt(UNPROCESSABLE)
    try:
        return Attempt(is_saved=True, saved=save(form.cleaned_data.get(version) or 0))
    except EditConflict as conflict:
        if compare is None:
            raise
        form.data = form.data.copy()
        form.data[form.add_prefix(version)] = str(conflict.version)
        form.conflict = Comparison(conflict, compare(conflict))
        return Attempt(CONFLICT)
    except ValidationError as refused:
        attach_refusal(form, refused, field)
        return Attempt(UNPROCESSABLE)


def is_autosave(request: HttpRequest) -> bool:
    """Return whether the page saves while one types (static/js/ui/modules/autosave.js) and expects JSON."""
    return request.method == "POST" and request.headers.get("Accept") == "application/json"


def autosave_response(
    form: Any, tried: Attempt[Any], version: int | str, at: datetime | None, **more: Any
) -> JsonResponse:
    """Answer a page that saves while one types: the version and the hour, both texts, or what was refused."""
    if tried.status == CONFLICT:
        shown: Comparison = form.conflict
        panel = render_to_string("ui/edit_conflict.html", {"conflict": shown})
        facts = {"version": shown.conflict.version, "is_closed": shown.conflict.is_closed, "panel": panel}
        return JsonResponse({"sentence": shown.conflict.sentence, **facts, **more}, status=CONFLICT)
    if not tried.is_saved:
        sentence = " ".join(str(message) for errors in form.errors.values() for message in errors)
        return JsonResponse({"sentence": sentence}, status=tried.status)
    return JsonResponse({"version": version, "at": format_time(at) if at else "", **more})


def differences(theirs: BaseForm, typed: BaseForm, among: Container[str] | None = None) -> list[Difference]:
    """List the fields in which two copies of a form differ; `among` restricts it to those."""
    return [
        Difference(str(field.label), format_field(theirs, field.name), format_field(typed, field.name))
        for field in typed
        if not field.is_hidden
        and (among is None or field.name in among)
        and format_field(theirs, field.name) != format_field(typed, field.name)
    ]


def format_field(form: BaseForm, name: str) -> str:
    """Format a field as a reader reads it."""
    value = form[name].value()
    field: Any = form.fields[name]
    if isinstance(field, ChoiceField):
        chosen = {str(key or "") for key in (value if isinstance(value, list | tuple) else [value])}
        choices: Any = field.choices
        return ", ".join(str(label) for key, label in choices if str(key) in chosen)
    if isinstance(field, BooleanField):
        return _("oui") if value in (True, "on", "true", "True") else _("non")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


class FieldByFieldForm(StyledModelForm):
    """Form that saves while one types, whose other fields may be edited by others at the same time.

    A hidden copy of each field holds its value when the page was rendered (`field_changes`).
    """

    version = IntegerField(min_value=0, widget=HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)

    @property
    def saved_fields(self) -> list[str]:
        """Return the fields that are saved; a form may have dropped some fields of its model after it was made."""
        return [name for name in self._meta.fields or () if name in self.fields]

    def initial_inputs(self) -> list[SafeString]:
        """Return hidden inputs with the value of each field when the page was rendered.

        The save compares with them which writer changed which field.
        """
        return [self[name].as_hidden(only_initial=True) for name in self.saved_fields]

    def bases(self) -> dict[str, Any]:
        """Return the posted values of these hidden inputs; a page without them sends none."""
        named = {name: self.add_initial_prefix(name) for name in self.saved_fields}
        return {name: self._as_typed(name, self.data[sent]) for name, sent in named.items() if sent in self.data}

    def _as_typed(self, name: str, text: str) -> Any:
        try:
            return self.fields[name].clean(text)
        except ValidationError:
            return text

    def conflicting_fields(self, conflict: EditConflict) -> list[Difference]:
        """Return the differences in the fields that two people changed.

        Both versions are read now, so this form, sent again, may overwrite.
        """
        data: Any = self.data  # a copy that may be written: `attempt`
        for name in conflict.typed:
            theirs = getattr(conflict.current, name)
            data[self.add_initial_prefix(name)] = (
                "" if theirs is None else str(self.fields[name].prepare_value(theirs))
            )
        return differences(type(self)(instance=conflict.current), self, among=conflict.typed)

    def _post_clean(self) -> None:
        """Leave the row alone: the typed values go to the action, which writes them only if nobody was faster."""
