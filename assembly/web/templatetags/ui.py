"""Filters and tags for texts and drawings. Built in: no `{% load %}` needed."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    RadioSelect,
    Select,
)
from django.templatetags.static import static
from django.urls import Resolver404, resolve
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assembly.text import french
from assembly.web import drawings, forms, path
from assembly.web.idempotency import TERM_FIELD
from assembly.web.path import PathStep

register = template.Library()

VOTES = {"pour": _("Pour"), "contre": _("Contre"), "abst": _("Abstention"), "nspp": _("Ne se prononce pas")}
STATES = ("todo", "in_progress", "waiting", "warn", "done", "late", "refused", "partial", "closed")


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Replace Django's tag and add the idempotency key of the form, so that no form has the one without the other.

    For a reader who works in several terms also add that of the page, so that the form writes in the term it was shown
    in. Firefox puts back hidden values that a script changed, but not on a page that is stored nowhere: see
    `HeadersMiddleware`.
    """
    token = context.get("csrf_token")
    if not token:
        return mark_safe("")
    fields = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="idempotency_key" value="{}">',
        token,
        uuid.uuid4(),
    )
    if term := getattr(getattr(context, "request", None), "form_term", None):
        fields += format_html('<input type="hidden" name="{}" value="{}">', TERM_FIELD, term.pk)
    return fields


@register.filter
def nbsp(text: Any) -> SafeString:
    """Put the spaces of French typography into a text or safe HTML."""
    return short_nbsp(text) if isinstance(text, str) and len(text) < 200 else whole_nbsp(text)


def whole_nbsp(text: Any) -> SafeString:
    return mark_safe(french.nbsp(conditional_escape(text)))  # noqa: S308 -- escaped on the same line


@lru_cache(maxsize=4_000, typed=True)  # a SafeString is equal to the plain one, and not escaped
def short_nbsp(text: str) -> SafeString:
    """Cache labels and texts that a page repeats."""
    return whole_nbsp(text)


@register.filter
def of_name(name: str) -> str:
    """Return « de l’Assemblée citoyenne », « du Conseil départemental », « d’Escalquens », « d’Amina Vidal »."""
    return french.of_name(str(name))


@register.filter
def to_name(name: str) -> str:
    """Return « à l’Assemblée citoyenne », « au Conseil départemental », « à la Direction des Routes »."""
    return french.to_name(str(name))


@register.filter
def the_name(name: str) -> str:
    """Return « l’Assemblée citoyenne », « le Conseil départemental »; a person or a place as it is."""
    return french.the_name(str(name))


@register.filter
def format_date(value: date | datetime | None) -> str:
    return french.format_date(value)


@register.filter
def format_day(value: date | datetime | None) -> str:
    """Return « 28 mars 2026 », without the day of the week."""
    return french.format_date(value, weekday=False)


@register.filter
def month_short(value: date | datetime | None) -> str:
    return french.month_short(value)


@register.filter
def format_time(value: datetime | None) -> str:
    return french.format_time(value)


@register.filter
def format_duration(minutes: int) -> str:
    return french.format_duration(minutes)


@register.filter
def format_moment(value: datetime | None) -> str:
    return french.format_moment(value)


@register.filter
def when(value: date | datetime | None) -> str:
    return french.when(value)


@register.filter
def due(value: date | datetime | None) -> str:
    return french.due(value)


@register.filter
def in_days(value: date | datetime | None) -> str:
    return french.in_days(value)


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    return french.format_number(value, decimals)


@register.filter
def file_size(size: int) -> str:
    return french.file_size(size)


@register.filter
def percent(part: Any, whole: Any = None) -> str:
    """Return a percentage: `{{ 0.45|percent }}` or `{{ 12|percent:27 }}`."""
    return french.format_percent(part, whole)


@register.filter
def plural(count: Any, endings: str = "s") -> str:
    """Return the French plural ending; 0 and 1 are singular.

    `{{ n }} jour{{ n|plural }}`, `journa{{ n|plural:"l,ux" }}`.
    """
    one, many = endings.split(",") if "," in endings else ("", endings)
    amount = count if isinstance(count, int | float) else len(count)
    return many if abs(amount) >= 2 else one


@register.filter
def mail_subject(about: Any, kind: Any) -> str:
    """Return the subject of a mail: `{{ sitting.title|mail_subject:_("convocation") }}`."""
    return french.mail_subject(str(about), str(kind))


@register.filter
def as_title(value: Any) -> Any:
    """Put a title that holds a colon between guillemets: `{{ label }} : {{ row.name|as_title }}`."""
    return french.as_title(value) if isinstance(value, str) and not isinstance(value, SafeString) else value


@register.filter
def noun(plural: Any, count: int) -> str:
    """Return « suite donnée » or « suites données »: `{{ count }} {{ "suites données"|noun:count }}`."""
    return french.noun_for(count, str(plural))


@register.simple_tag
def state(kind: str, label: Any, *, bare: bool = False) -> SafeString:
    """Render a state: a mark, a label with a capital, a tint.

    Kinds: todo (needs an act of the reader), in_progress, waiting (for others), warn (an error that can be corrected),
    done, late, refused, partial, closed.
    """
    return drawn_state(kind, str(label), bare)


@lru_cache(maxsize=1_000)
def drawn_state(kind: str, label: str, bare: bool) -> SafeString:
    if kind not in STATES:
        raise template.TemplateSyntaxError(f"unknown state {kind!r}, expected one of {', '.join(STATES)}")
    return format_html(
        '<span class="state state-{}{}">{}</span>', kind, " state-bare" if bare else "", capfirst(label)
    )


@register.filter
def is_question(url: str) -> bool:
    """Return whether the page at this address asks before a step (`StepPages.view`), so that a link may open a dialog.

    A dialog fetches its page first; for any other page that request would be wasted.
    """
    try:
        return getattr(resolve(urlsplit(url).path).func, "is_question", False)
    except Resolver404:
        return False


@register.filter
def latest_step(steps: Sequence[PathStep]) -> tuple[int, PathStep]:
    return path.latest_step(steps)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render an icon of Bootstrap Icons beside its word; screen readers skip it. `static/build.mjs` has the list."""
    return drawn_icon(name)


@cache
def drawn_icon(name: str) -> SafeString:
    place = static("dist/img/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', place, name)


@register.simple_tag
def tick(key: object, name: object, tag: str = "td") -> SafeString:
    """Render the checkbox of a row of a list with `ui/selection.html`. No template: a list has fifty of them."""
    return format_html(
        '<{tag} class="tick"><label><input type="checkbox" name="ligne" value="{}" form="selection">'
        '<span class="vh">{} {}</span></label></{tag}>',
        key,
        _("Choisir"),
        name,
        tag=tag,
    )


@register.simple_tag
def offered_acts(selection: Any, rows: Iterable[Any], user: Any) -> list[tuple[str, Any, str]]:
    """Return the bulk acts of a list: name, act, and the keys of the rows shown to which it applies, as text."""
    return [(name, act, " ".join(map(str, keys))) for name, act, keys in selection.offered(rows, user)]


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Render the field itself, with classes by kind of widget."""
    widget = field.field.widget
    if isinstance(widget, HiddenInput | RadioSelect | CheckboxSelectMultiple | CheckboxInput):
        return field.as_widget()
    css_class = "control control-select" if isinstance(widget, Select) else "control"
    if isinstance(widget, FileInput):
        css_class = "control control-file"
    extra_class = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{css_class} {extra_class}".strip()})


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return the layout of a field: hidden, checkbox, choices or plain."""
    match field.field.widget:
        case HiddenInput():
            return "hidden"
        case RadioSelect() | CheckboxSelectMultiple():
            return "choices"
        case CheckboxInput():
            return "checkbox"
    return "choices" if field.field.widget.use_fieldset else "plain"


@register.filter
def error_summary(form: BaseForm) -> list[dict[str, str]]:
    return forms.error_summary(form)


@register.simple_tag
def vote_mark(kind: str) -> SafeString:
    return drawings.vote_mark(kind)


@register.simple_tag
def vote_label(kind: str) -> str:
    return str(VOTES[kind])


@register.filter
def biggest(votes: Any) -> int:
    """Return the largest count of a list of pairs: the full width of its bars."""
    return max((count for _kind, count in votes), default=0)


@register.simple_tag
def hemicycle(groups: Any = (), *, title: str, total: int = 108, figure: str = "", legend: str = "") -> SafeString:
    """Draw seats filled from left to right.

    `groups`: pairs (pour|contre|abst|nspp|att, count); the rest stays empty.
    """
    return drawings.hemicycle(list(groups), total=total, title=title, figure=str(figure), legend=legend)


@register.simple_tag
def hemicycle_of(kinds: Any) -> SafeString:
    """Draw each seat with its own kind, as decoration: the page says the same in words."""
    return drawings.hemicycle_of(list(kinds))


@register.simple_tag
def bar_chart(rows: Any, *, title: str, description: str = "", most: float = 0) -> SafeString:
    """Draw bars.

    `rows`: dicts label, value, text and, to compare, reference and reference_text; tone: late or warn.
    """
    return drawings.bar_chart(list(rows), title=title, description=description, most=most)


@register.simple_tag
def line_chart(points: Any, *, title: str, aim: float | None = None, aim_text: str = "") -> SafeString:
    """Draw a value over time.

    `points`: dicts label, value (None: a gap) and text; `aim`: a mark to compare with.
    """
    return drawings.line_chart(list(points), title=title, aim=aim, aim_text=aim_text)


@register.simple_tag
def spark_line(values: Any) -> SafeString:
    return drawings.spark_line(list(values))


@register.simple_tag
def share_bar(parts: Any) -> SafeString:
    """Draw one bar in parts: triples (s1|s2|s3|s4, count, label)."""
    return drawings.share_bar(parts)


@register.simple_tag
def thin_bar(value: float, biggest: float, kind: str = "pour") -> SafeString:
    return drawings.thin_bar(float(value), float(biggest), kind)


@register.simple_tag
def logo() -> SafeString:
    return drawings.logo()
