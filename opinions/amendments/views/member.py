"""Initial values of the form of an amendment: from a draft, a link, late words, or an alinéa rewritten in the text."""

from typing import Any

from django.utils.translation import gettext as _

from assembly.identity.http import UserRequest
from assembly.institution.models import Committee
from assembly.text.printable import clean_text
from assembly.text.rewriting import Rewriting
from assembly.text.untrusted_input import whole_number
from opinions.amending.passages import Text
from opinions.amending.typed_input import derive_fields, is_current
from opinions.amendments import queries
from opinions.amendments.forms import AmendmentForm
from opinions.models import Amendment, Opinion
from opinions.queries.late_text import likely_place
from opinions.sections.queries import seats_today

LATE_TEXT_FIELD = "late_text"


def amendment_form(request: UserRequest, opinion: Opinion, draft: Amendment | None, data: Any = None) -> AmendmentForm:
    seats = seats_today().filter(person=request.user.person_id)
    initial = AmendmentForm.initial_of(draft) if draft else asked_passage(request, opinion)
    return AmendmentForm(
        data,
        initial=initial,
        committees=Committee.objects.filter(term=opinion.term_id, pk__in=seats.values("committee")),
        parents=queries.amendable(request.user, opinion),
    )


def has_late_text(request: UserRequest) -> bool:
    """Return whether the request posts late words for a frozen text: they fill the form, nothing is saved yet."""
    return LATE_TEXT_FIELD in request.POST


def asked_passage(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    """Return the alinéas and the amendment that a link names, or the most likely place of late words."""
    if has_late_text(request):
        return likely_place(opinion, clean_text(request.POST[LATE_TEXT_FIELD]))
    names = {"alinea_from": "de", "alinea_to": "a", "parent": "sur"}
    parameters = {name: request.GET.get(key, "") for name, key in names.items()}
    return {k: int(value) for k, value in parameters.items() if value.isdecimal() and len(value) < 6}


def rewritten_form(request: UserRequest, opinion: Opinion, rewriting: Rewriting) -> tuple[AmendmentForm, bool]:
    """Return the form filled from the rewritten alinéa, and whether that alinéa has changed since."""
    version = queries.base_version(opinion)
    text = Text(version.tree) if version else None
    number = whole_number(request.POST.get("number", ""), otherwise=0)
    reason = {"reason": request.POST.get("reason", "")}
    if text is None or not is_current(text, number, rewriting):
        form = amendment_form(request, opinion, None, likely_place(opinion, rewriting.now) | reason)
        form.add_error("alinea_from", _("Cet alinéa a changé depuis que vous l’avez ouvert. Vos mots sont gardés."))
        return form, True
    form = amendment_form(request, opinion, None, derive_fields(text, number, rewriting) | reason)
    if rewriting.is_same:
        form.add_error("typed", _("Vous n’avez rien changé dans cet alinéa."))
    return form, False
