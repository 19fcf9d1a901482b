"""Base classes of forms: label, help, error, field; every error is also listed at the top.

The renderer writes lists of choices in Python: a template for each choice took a quarter of a list page's processor
time (27 cantons, 20 groups, five short lists). A field that chooses one row among many is a list while it is short, a
search box where it is not. Values from an address or a hidden field are parsed here: a number, or a return address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.html import conditional_escape as escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, gettext_lazy as _

from assembly.text.french import has_article
from assembly.text.numbers import number_form_field, number_text
from assembly.text.printable import check_text
from assembly.web import pagination


def check_article(name: str) -> None:
    """Raise ValidationError for a name whose French article is neither known nor written with it.

    Letters write « de l’Assemblée », « du Conseil ».
    """
    if not has_article(name):
        raise ValidationError(
            _("Écrivez ce nom avec son article, « La %(name)s » par exemple : il entre dans des phrases."),
            code="article",
            params={"name": name},
        )


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, even an empty form: then it is a form in error, not an unsent one."""
    return request.POST if request.method == "POST" else None


class StyledFormMixin:
    """Base of every form of the site. The template writes `<form>`, the CSRF key and the button (`ui/form.html`)."""

    fields: dict[str, forms.Field]
    use_required_attribute = False
    conflict: Any = None  # both texts of a save that came too late: `versioned.attempt`
    fields_by_code: Mapping[str, str] = {}  # the field that shows a refusal, by the refusal's code, if they differ

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = True
        return helper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.update(plain_messages(field))
            use_our_widgets(field)
            if isinstance(field, forms.DateTimeField):
                field.validators.append(check_moment)

    def add_error(self, field: str | None, error: Any) -> None:
        """Write limits as numbers of a French sentence: « supérieure ou égale à 0,01 »."""
        if isinstance(error, ValidationError):
            dicts = getattr(error, "error_dict", {"": getattr(error, "error_list", [])})
            for refused in (each for errors in dicts.values() for each in errors):
                limit = (refused.params or {}).get("limit_value")
                if refused.code in {"min_value", "max_value"} and isinstance(limit, Decimal | int):
                    refused.params = {**(refused.params or {}), "limit_value": number_text(limit)}
        super().add_error(field, error)  # type: ignore[misc]  # -- of a form


LINE_OF_FILTERS = 4
PLACE_IN_LIST = {"apres", "avant"}  # parameters of one page of a list, which has other pages without the filter


@dataclass(frozen=True)
class FilterField:
    """A field of `ListFilter` on its page. `without`: where it is in use, the address that takes it away."""

    field: forms.BoundField
    without: str = ""


class ListFilter(forms.Form):
    """Filters of a list, read from the query string."""

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @cached_property
    def shown_fields(self) -> list[FilterField]:
        """Return the fields with the address that takes each away (`ui/filters.html`)."""
        self.is_valid()
        used = self.cleaned_data if self.is_bound else {}
        return [
            FilterField(field, self.address_without(field.html_name) if used.get(field.name) else "")
            for field in self.visible_fields()
        ]

    @property
    def line_fields(self) -> list[FilterField]:
        """Return the fields on the first line: all of them, or the first where there are too many for one line."""
        fields = self.shown_fields
        return fields if len(fields) <= LINE_OF_FILTERS else fields[: LINE_OF_FILTERS - 1]

    @property
    def folded_fields(self) -> list[FilterField]:
        """Return the other fields, below « Plus de filtres »."""
        return self.shown_fields[len(self.line_fields) :]

    @property
    def folded_count(self) -> int:
        """Return how many of the folded filters are in use."""
        return sum(bool(each.without) for each in self.folded_fields)

    def address_without(self, name: str) -> str:
        """Return the query string of this list without one filter, at its first page."""
        left_out = {name, *PLACE_IN_LIST}
        asked: Any = self.data  # the query string of the request
        pairs = [(key, value) for key, values in asked.lists() if key not in left_out for value in values if value]
        return f"?{urlencode(pairs)}"

    def summary(self) -> list[str]:
        """Return each filter in use as a text, for the header of an exported file."""
        self.is_valid()
        rows = []
        for name, value in self.cleaned_data.items():
            if value:
                choices = dict(getattr(self.fields[name], "choices", ()))
                rows.append(f"{self.fields[name].label}\u00a0: {choices.get(value, value)}")
        return rows


def attach_refusal(form: forms.BaseForm, refused: ValidationError, field: str | None = None) -> None:
    """Attach a refusal of an action to `field`, else to the field that it or its code names, else to the form."""
    if hasattr(refused, "error_dict"):  # several errors, each with its field: a model that did not validate
        for at, errors in refused.error_dict.items():
            for each in errors:
                attach_refusal(form, each, field or (at if at in form.fields else None))
        return
    code = getattr(refused, "code", None) or ""
    name = field or getattr(form, "fields_by_code", {}).get(code, code)
    form.add_error(name if name in form.fields else None, refused.messages)


def with_current(rows: QuerySet[Any], *own: Any) -> QuerySet[Any]:
    """Return the rows that are offered, and those already chosen even if no longer offered.

    A form that shows another one in their place would write it. `own`: keys, or the rows themselves. `rows`: without
    `distinct`.
    """
    keys = [getattr(each, "pk", each) or 0 for each in own]
    return rows | rows.model._base_manager.filter(pk__in=keys)


def error_summary(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return each error of the form, with the label and the id of its control, for `ui/error_summary.html`."""
    summary = []
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        target, label = (control_id(field), label_of(field)) if field else ("", "")
        summary += [{"target": target, "text": f"{label}{message}"} for message in messages]
    return summary


def label_of(field: forms.BoundField) -> str:
    """Return « Pour – », before an error message; nothing for a checkbox, whose label is a whole sentence."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return ""
    return f"{field.label} – "


def control_id(field: forms.BoundField) -> str:
    """Return the id of the element that takes the focus: the first choice of a group of choices."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def check_moment(moment: datetime) -> None:
    """Refuse a moment outside of this century: the driver cannot read back the first day of the year 1."""
    if not 2000 <= moment.year < 2100:
        raise ValidationError(_("Écrivez une année entre 2000 et 2099."))


def use_our_widgets(field: forms.Field) -> None:
    """Give days and hours the browser's picker, in the reader's language, and text boxes five lines, not ten."""
    kinds = {
        forms.DateInput: ("date", "%Y-%m-%d"),
        forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
        forms.TimeInput: ("time", "%H:%M"),
    }
    if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":
        field.widget.attrs["rows"] = "5"
    if type(field.widget) in kinds and field.widget.input_type == "text":
        field.widget.input_type, field.widget.format = kinds[type(field.widget)]


def plain_messages(field: forms.Field) -> dict[str, Any]:
    """Return messages that say what to do instead of naming the rule; those of the form take precedence."""
    default = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") != default:
        return {}
    match field:
        case forms.ChoiceField() | forms.ModelChoiceField():
            return {"required": _("Choisissez une réponse.")}
        case forms.BooleanField():
            return {"required": _("Cochez cette case pour continuer.")}
        case forms.DateField() | forms.DateTimeField():
            return {"required": _("Écrivez une date.")}
        case forms.EmailField():
            return {"required": _("Écrivez une adresse électronique.")}
    return {"required": _("Ce champ est vide : écrivez une réponse.")}


def text_box(label: Any, most: int, rows: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Build a field for a printable text of at most `most` characters, in a box of `rows` lines."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[check_text],
    )


class StyledForm(StyledFormMixin, forms.Form):
    """Base of the forms that do not come from a model."""


class StyledModelForm(StyledFormMixin, forms.ModelForm):
    """Base of the forms that come from a model. It never saves: `cleaned_data` goes to the action."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Read the number columns of the model in French notation."""
        super().__init_subclass__(**kwargs)
        meta: Any = cls.__dict__.get("Meta")
        if meta and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(number_form_field)

    def _update_errors(self, errors: ValidationError) -> None:
        """Attach a broken constraint to the field that its `violation_error_code` names, as `refuse` does."""
        placed: dict[str, list[ValidationError]] = {}
        for name, refused in errors.update_error_dict({}).items():
            for each in refused:
                at = each.code if name == NON_FIELD_ERRORS and each.code in self.fields else name
                placed.setdefault(at, []).append(each)
        super()._update_errors(ValidationError(placed))  # type: ignore[misc]  # -- of a model form


class TagsField(forms.CharField):
    """Field for words separated by commas, each once, in lower case."""

    def __init__(self, *, base_field: Any = None, max_length: int | None = None, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("Séparés par des virgules.")
        super().__init__(max_length=600, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        parts = [check_text(" ".join(part.split())).lower() for part in (super().clean(value) or "").split(",")]
        tags = list(dict.fromkeys(word for word in parts if word))
        if any(len(tag) > 40 for tag in tags) or len(tags) > 20:
            raise ValidationError(_("Vingt mots au plus, de quarante signes chacun."), code="tags")
        return tags

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "")


SELECT = "django/forms/widgets/select.html"


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == SELECT:
            return select_html(context["widget"])
        return super().render(template_name, context, request)


def select_html(widget: Mapping[str, Any]) -> SafeString:
    """Return what Django's template of a select writes, without its empty lines."""
    lines: list[str] = []
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(format_html('<optgroup label="{}">', group))
        lines += [
            f'<option value="{escape(option["value"])}"{attributes(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for option in options
        ]
        if group:
            lines.append("</optgroup>")
    body = "\n  ".join(["", *lines])
    name = escape(widget["name"])
    return mark_safe(f'<select name="{name}"{attributes(widget["attrs"])}>{body}\n</select>')  # noqa: S308 -- escaped


def attributes(attrs: Mapping[str, Any]) -> str:
    """Return the attributes as `django/forms/widgets/attrs.html` writes them."""
    pairs = ((escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in pairs)


DIGITS = 18  # below 2**63, what a bigint column holds


def whole_number(text: str, *, otherwise: int = -1) -> int:
    """Return the number that these digits write, else one that is no key.

    `isdigit` would accept « ² », on which `int` fails.
    """
    return int(text) if text.isdecimal() and len(text) <= DIGITS else otherwise


def local_address(request: HttpRequest, asked: str) -> str:
    """Return `asked` if it is an address of this site, else nothing.

    `redirect` would take an address without a slash as the name of a view.
    """
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if is_ours else ""


MOST_MATCHES = 50
LONGEST_TEXT = 300
WORD = re.compile(r"\w+")
SEARCHABLE = {"data-assembly-picker": True}  # attributes of a <select>: a script adds a search by words to a long one


class PickerInput(forms.Select):
    """Widget with the list of all choices, or a search box; with the matches where several rows have the words."""

    field: "Picker"  # set by the field; each copy of the field has its own widget

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text, chosen = data.get(name), data.get(f"{name}-choix")
        return (text, [chosen]) if chosen else text

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        listed = self.field.all_rows()
        if listed is None:
            return self.render_search(name, value, {**(attrs or {}), "class": "control"}, renderer)
        empty = [] if self.field.empty_label is None else [("", self.field.empty_label)]
        choices = [*empty, *map(self.field.choice, listed)]
        return forms.Select(self.attrs | SEARCHABLE, choices).render(name, value, attrs, renderer)

    def render_search(self, name: str, value: Any, attrs: dict[str, Any], renderer: Any) -> SafeString:
        """Render the search box and the hidden key or the list of matches.

        `value`: the key of the row chosen already, or a text that matches no row, or several.
        """
        field = self.field
        second: forms.Widget = forms.HiddenInput()
        chosen = next(iter(field.rows(key=value, most=1)), None) if field.is_key(value) else None
        if chosen:
            text = field.name_of(chosen)
        else:
            text = value[0] if isinstance(value, tuple) else value
            if matches := field.matching_rows(text):
                choices = [("", field.which), *map(field.choice, matches)]
                second = forms.Select({"class": "control control-select mt2", "aria-label": field.which}, choices)
        box = forms.TextInput({"placeholder": field.placeholder, "autocomplete": "off", "maxlength": LONGEST_TEXT})
        return format_html(
            "{}{}",
            box.render(name, text, attrs, renderer),
            second.render(f"{name}-choix", chosen and field.choice(chosen)[0], {"id": f"id_{name}-choix"}, renderer),
        )


class Picker(forms.Field):
    """Base of a field that holds the key of a row, one of those that `rows` returns.

    Up to `WHOLE_LIST` they are all in the list, which a script searches (`static/js/ui/modules/picker.js`). Beyond,
    words are typed and sent: one match is taken, or the form comes back with the matches. It needs no script, and ten
    thousand rows cost no more than two hundred.
    """

    widget = PickerInput
    empty_label: Any = None
    placeholder: Any = ""
    which: Any = gettext_lazy("Lequel ?")
    default_error_messages = {
        "nobody": gettext_lazy("Rien ne correspond. Vérifiez l’orthographe, ou n’écrivez qu’un mot du titre."),
        "several": gettext_lazy("Plusieurs réponses sont possibles : choisissez-en une, ou écrivez un mot de plus."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.field = self

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)
        copied.widget.field = copied
        return copied

    def rows(self, *, key: Any = None, tokens: Sequence[str] = (), most: int) -> list[Any]:
        """Return at most so many rows in their order: that of the key, those that hold every word, or all."""
        raise NotImplementedError

    def choice(self, row: Any) -> tuple[Any, str]:
        """Return the key of a row and its label in a list."""
        return row[0], row[1]

    def name_of(self, row: Any) -> str:
        """Return the text of a row in the search box; searching for it finds the row again."""
        return row[1]

    def is_key(self, value: Any) -> bool:
        return isinstance(value, int) or str(value).isdecimal()

    def split_text(self, text: str) -> list[str]:
        return WORD.findall(text)

    def all_rows(self) -> list[Any] | None:
        """Return all rows; None where they are too many for a list."""
        rows = self.rows(most=pagination.WHOLE_LIST + 1)
        return rows if len(rows) <= pagination.WHOLE_LIST else None

    def matching_rows(self, text: str | None) -> list[Any]:
        tokens = self.split_text((text or "")[:LONGEST_TEXT])
        return self.rows(tokens=tokens, most=MOST_MATCHES) if tokens else []

    def to_python(self, value: Any) -> Any:
        text, chosen = value if isinstance(value, tuple) else (value, [])
        text = text.strip() if isinstance(text, str) else text
        if not isinstance(text, str) or not text or self.is_key(text):
            return super().to_python(text)
        matches = self.matching_rows(text)
        taken = [row for row in matches if str(self.choice(row)[0]) in chosen] or matches
        if len(taken) != 1:
            code = "several" if matches else "nobody"
            raise ValidationError(self.error_messages[code], code=code)
        return super().to_python(self.choice(taken[0])[0])

    def prepare_value(self, value: Any) -> Any:
        """Return the key of the only row that matches the typed words, else the value as it was typed."""
        try:
            key = self.to_python(value) if isinstance(value, str | tuple) else value
        except ValidationError:
            return value
        return super().prepare_value(key)
