"""Forms that read like a letter: label, help, error, field; every error also listed on top."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from assembly.ui.numbers import number_form_field, number_text
from assembly.ui.printable import check_text
from assembly.ui.words import has_article


def can_be_said(name: str) -> None:
    """Letters say « de l’Assemblée », « du Conseil »: the article of a name is known, or written with it."""
    if not has_article(name):
        raise ValidationError(
            _("Écrivez ce nom avec son article, « La %(name)s » par exemple : il entre dans des phrases."),
            code="article",
            params={"name": name},
        )


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is empty: a form sent without a word is a form in error."""
    return request.POST if request.method == "POST" else None


class StyledFormMixin:
    """What every form of the house shares. The page writes `<form>`, the csrf key and the button (`ui/form.html`)."""

    fields: dict[str, forms.Field]
    use_required_attribute = False
    conflict: Any = None  # both texts of a save that came too late: `versioned.attempt`
    mended_by: Mapping[str, str] = {}  # the field that mends a refusal, by the code of the refusal, where they differ

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

    def add_error(self, field: str | None, error: Any) -> None:
        """Limits are numbers of a sentence: « supérieure ou égale à 0,01 »."""
        if isinstance(error, ValidationError):
            dicts = getattr(error, "error_dict", {"": getattr(error, "error_list", [])})
            for refused in (each for errors in dicts.values() for each in errors):
                limit = (refused.params or {}).get("limit_value")
                if refused.code in {"min_value", "max_value"} and isinstance(limit, Decimal | int):
                    refused.params = {**(refused.params or {}), "limit_value": number_text(limit)}
        super().add_error(field, error)  # type: ignore[misc]  # -- of a form


class ListFilter(forms.Form):
    """What narrows a list, read from the address."""

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def told(self) -> list[str]:
        """Each filter in use, in words: what a file says of itself."""
        self.is_valid()
        rows = []
        for name, value in self.cleaned_data.items():
            if value:
                choices = dict(getattr(self.fields[name], "choices", ()))
                rows.append(f"{self.fields[name].label}\u00a0: {choices.get(value, value)}")
        return rows


def refuse(form: forms.BaseForm, refused: ValidationError, field: str | None = None) -> None:
    """Say what an action refused at `field`, else at the field that it or its code names, else above the form."""
    if hasattr(refused, "error_dict"):  # several, each with its place: a model that did not validate
        for at, found in refused.error_dict.items():
            for each in found:
                refuse(form, each, field or (at if at in form.fields else None))
        return
    code = getattr(refused, "code", None) or ""
    name = field or getattr(form, "mended_by", {}).get(code, code)
    form.add_error(name if name in form.fields else None, refused.messages)


def with_own(rows: QuerySet[Any], *own: Any) -> QuerySet[Any]:
    """Of a choice the rows that are offered, and those that are chosen already, whatever became of them since: a form
    that shows another in its place would write it. `own`: keys, or the rows themselves. `rows`: without `distinct`."""
    keys = [getattr(each, "pk", each) or 0 for each in own]
    return rows | rows.model._base_manager.filter(pk__in=keys)  # noqa: SLF001 -- documented API


def errors_on_top(form: forms.BaseForm) -> list[dict[str, str]]:
    """Each error of the form, with the label and the id of the control that mends it, for `ui/error_summary.html`."""
    found = []
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        target, label = (control_id(field), label_of(field)) if field else ("", "")
        found += [{"target": target, "text": f"{label}{message}"} for message in messages]
    return found


def label_of(field: forms.BoundField) -> str:
    """« Pour – », before the words of an error; nothing for a box to tick, whose label is a whole sentence."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return ""
    return f"{field.label} – "


def control_id(field: forms.BoundField) -> str:
    """The element that takes the focus: the first choice of a group of choices."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def use_our_widgets(field: forms.Field) -> None:
    """Days and hours get the browser's picker, in the reader's language; a text begins with five lines, not ten."""
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
    """Say what to do instead of naming the rule. A sentence written by the form itself wins."""
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
    """A text that can be printed, of at most `most` characters, in a box of `rows` lines."""
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
        """Make columns of numbers fields that are read in French."""
        super().__init_subclass__(**kwargs)
        meta: Any = cls.__dict__.get("Meta")
        if meta and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(number_form_field)

    def _update_errors(self, errors: ValidationError) -> None:
        """A broken constraint is said at the field that its `violation_error_code` names, as `refuse` does."""
        found: dict[str, list[ValidationError]] = {}
        for name, refused in errors.update_error_dict({}).items():
            for each in refused:
                at = each.code if name == NON_FIELD_ERRORS and each.code in self.fields else name
                found.setdefault(at, []).append(each)
        super()._update_errors(ValidationError(found))  # type: ignore[misc]  # -- of a model form
