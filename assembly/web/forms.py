"""Base classes of forms: label, help, error, field; every error is also listed at the top.

The renderer writes lists of choices in Python: a template for each choice took a quarter of a list page's processor
time (27 cantons, 20 groups, five short lists).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assembly.text.french import has_article
from assembly.text.numbers import number_form_field, number_text
from assembly.text.printable import check_text


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


class ListFilter(forms.Form):
    """Filters of a list, read from the query string."""

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

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
