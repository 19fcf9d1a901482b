"""The list of candidates in the back office."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.dossiers.pages import step_applies, step_check
from assembly.institution.models import Term
from assembly.institution.queries import canton_choices
from assembly.lists import (
    Column,
    Empty,
    Filter,
    List,
    PageLink,
    Unmatched,
    by_choice,
    reference_cell,
    small,
    stacked,
    state_cell,
)
from assembly.lists.filters import FilterForm
from assembly.lists.selection import BulkAct, BulkPage, Selection
from assembly.text.french import format_date, letters_key
from assembly.web.pagination import LONG_PAGE
from assembly.web.templatetags.ui import nbsp
from assembly.web.values import NOTHING
from draws.calls import rules
from draws.calls.queries import call_of, is_frozen, totals
from draws.candidates import actions
from draws.candidates.models import CandidateQuerySet
from draws.candidates.queries import POINTS, at_point, with_authors
from draws.candidates.workflow import CANDIDATE
from draws.models import Candidate, CandidateState


def candidates_of(user: Any, term: Term) -> CandidateQuerySet:
    """Return the candidates of the call of a term; none where no call is prepared."""
    return with_authors(Candidate.objects.visible_to(user)).filter(call__term=term)


def search_candidates(text: str, user: Any, term: Term) -> Q:
    condition = Q()
    for word in text.split():
        number = word.lower().removeprefix("c-").lstrip("0")
        is_number = Q(number=int(number)) if number.isascii() and number.isdecimal() and len(number) < 9 else Q()
        named = Q(sort_name__contains=letters_key(word) or word)
        text_match = named | Q(email__icontains=word) | Q(city__unaccent__icontains=word)
        condition &= text_match | is_number if is_number else text_match
    return condition


def checked_canton_cell(row: Candidate) -> Any:
    canton = row.canton.name if row.canton else NOTHING
    unchecked = "" if row.is_canton_checked else format_html(" {}", small(_("à vérifier")))
    return stacked(format_html("{}{}", canton, unchecked), small(row.city))


def verdict_cell(row: Candidate) -> Any:
    if not (row.verdict and row.state == "submitted"):
        return state_cell(row)
    first = nbsp(_("premier avis : %(verdict)s") % {"verdict": row.get_verdict_display()})
    return format_html('{}<p class="small soft">{}</p>', state_cell(row), first)


SELECTION: Selection[Candidate] = Selection(
    "draws:candidates-chosen",
    lambda n: ngettext("%(n)s candidature choisie", "%(n)s candidatures choisies", n) % {"n": n},
    {
        "recevable": BulkAct(
            _("Recevable, à mon avis"),
            action=lambda row, user, data: actions.admit(row, by=user),
            success_message=lambda n: ngettext("%(n)s avis est noté.", "%(n)s avis sont notés.", n) % {"n": n},
            check=step_check(CANDIDATE, "admit"),
            applies=step_applies(CANDIDATE, "admit"),
            consequences=(_("La décision est prise quand deux personnes ont donné le même avis."),),
        ),
        "prevenir": BulkAct(
            _("Envoyer la décision"),
            action=lambda row, user, data: actions.send_decision(row, by=user),
            success_message=lambda n: (
                ngettext("%(n)s courriel est en cours d’envoi.", "%(n)s courriels sont en cours d’envoi.", n)
                % {"n": n}
            ),
            check=step_check(CANDIDATE, "send_decision"),
            applies=step_applies(CANDIDATE, "send_decision"),
            consequences=(_("Chaque personne reçoit la décision qui la concerne, et son motif."),),
        ),
        "ecrire": BulkPage(
            _("Écrire"),
            "draws:candidates-write",
            applies=lambda user, row: row.has_confirmed_address and row.state != CandidateState.WITHDRAWN,
        ),
    },
    name=lambda row: f"{row.reference} {row.full_name}",
)


def call_context(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the totals of the call, and whether candidates are still added: not once its list is frozen."""
    call = call_of(term)
    return {"totals": totals(call), "is_frozen": is_frozen(call)} if call else {}


CANDIDATES = List(
    _("Candidatures"),
    [
        Column(_("Numéro"), "reference", "numero", ["number"], cell=reference_cell),
        Column(
            _("Nom"),
            "last_name",
            key="nom",
            order=["sort_name"],
            cell=lambda row: f"{row.last_name}, {row.first_name}",
            is_header=True,
        ),
        Column(_("Prénom"), "first_name"),
        Column(_("Naissance"), "birth_date"),
        Column(_("Genre"), "get_gender_display"),
        Column(_("Profession"), "get_occupation_display"),
        Column(_("Commune"), "city"),
        Column(
            _("Canton"),
            lambda row: row.canton.name if row.canton else "",
            key="canton",
            order=["canton__number", "sort_name"],
            cell=checked_canton_cell,
        ),
        Column(
            _("Reçue le"),
            "received_at",
            key="recue",
            order=["received_at"],
            cell=lambda row: format_date(row.received_at, weekday=False),
        ),
        Column(_("Reçue par"), "get_channel_display", key="canal", order=["channel", "number"]),
        Column(_("État"), "get_state_display", "etat", ["state", "number"], cell=verdict_cell),
        Column(_("Motif"), lambda row: row.get_ground_display() if row.ground else ""),
    ],
    default="numero",
    size=LONG_PAGE,
    key="candidates",
    route="draws:candidates",
    export="draws:candidate-export",
    row_route="draws:candidate",
    can_open=rules.can_see_candidates,
    rows=candidates_of,
    counted=ngettext_lazy("%(n)s candidature", "%(n)s candidatures", "n"),
    filters=[
        by_choice(Candidate, "state", "etat", every=_("Tous les états")),
        Filter("canton", _("Canton"), "canton", lambda term: canton_choices(term.assembly_id), _("Tous les cantons")),
        by_choice(Candidate, "gender", "genre", every=_("Tous")),
        by_choice(Candidate, "channel", "canal", every=_("Tous")),
        Filter("point", _("À regarder"), choices=POINTS.items(), where=at_point),
    ],
    search=search_candidates,
    search_label=_("Nom, numéro, commune"),
    selection=lambda user, term: SELECTION,
    more=call_context,
    empty=Empty(
        _("Aucune candidature"),
        _("Elles arrivent du formulaire public, ou se saisissent ici quand elles viennent sur papier."),
        button=PageLink(_("Saisir un bulletin"), "draws:candidate-enter"),
    ),
    unmatched=Unmatched(_("Aucune candidature ne correspond")),
    template="draws/candidates/list.html",
)
