"""Lists of the back office: members, people without an account."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy as _, ngettext, ngettext_lazy

from assembly.identity.models import ContactChannel, Person
from assembly.institution.models import CommitteeMembership, Term
from assembly.institution.queries import ReaderQuery, canton_choices, committee_choices
from assembly.lists import Column, Empty, Filter, List, PageLink, Table, Unmatched, small, stacked
from assembly.lists.filters import FilterForm
from assembly.lists.selection import BulkPage, Selection
from assembly.lists.tables import kind_of
from assembly.text.french import letters_key
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING
from members import rules
from members.enums import MandateState
from members.forms import PersonForm
from members.mandates.models import MandateQuerySet
from members.members import queries
from members.models import AccommodationNeed, Contact, Mandate

NAME = "member__person__sort_name"
ALL = "tous"


def members_of(user: Any, term: Term | int) -> MandateQuerySet:
    """Return the mandates of the term with what this reader may see of each."""
    return queries.directory(user, term, private=rules.can_see_private(user, term))


def in_committee(key: str) -> Q:
    seats = CommitteeMembership.objects.filter(committee=int(key), person=OuterRef("member__person"))
    return Q(Exists(seats.filter(queries.in_office(timezone.localdate()))))


def in_need(value: str) -> Q:
    return Q(Exists(AccommodationNeed.objects.filter(member=OuterRef("member"), ends_on=None)))


def in_state(value: str) -> Q:
    return Q() if value == ALL else Q(state=value)


def search_members(text: str, user: Any, term: Term) -> Q:
    """Return the condition of a name; whoever reads private fields also finds by address."""
    private = rules.can_see_private(user, term)
    named = [(Q(member__person__sort_name__contains=word), word) for word in letters_key(text).split()]
    return Q(*(name | Q(member__person__email__icontains=word) if private else name for name, word in named))


def member_canton_cell(mandate: Mandate) -> Any:
    return format_html("{} {}", mandate.member.canton.name, small(mandate.seat_label))


def groups_cell(mandate: Any) -> Any:
    return stacked(*mandate.groups) if mandate.groups else NOTHING


def contact_cell(mandate: Any) -> Any:
    needs = ngettext("%(n)s mesure à prévoir", "%(n)s mesures à prévoir", mandate.needs) % {"n": mandate.needs}
    return stacked(contact_label(mandate.member.person), small(needs) if mandate.needs else "")


def member_context(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the quick filters of those who read private fields, and the number of rows where one of them is on."""
    if not rules.can_see_private(user, term):
        return {}
    chips = quick_filters(queries.directory_counts(term), form.used)
    counted = next((chip["count"] for chip in chips if chip["current"]), None)
    known = {} if counted is None else {"count": counted}
    query = f"?{urlencode(form.used)}" if form.used else ""
    return {"chips": chips, "private": True, "query_string": query, **known}


def open_mandates(user: Any, term: int) -> QuerySet[Mandate]:
    rows = queries.directory(user, term, private=True).filter(state__in=MandateState.tagged("open"))
    return MEMBERS.first_rows(rows)


OPEN_MANDATES: ReaderQuery[Mandate] = ReaderQuery(open_mandates)

MEMBERS = List(
    _("Membres"),
    [
        Column(
            _("Nom"), "member.person.last_name", "nom", [NAME], cell=lambda mandate: mandate.member.person.listed_name
        ),
        Column(_("Prénom"), "member.person.first_name"),
        Column(_("Canton"), "member.canton.name", "canton", ["member__canton__number", NAME], cell=member_canton_cell),
        Column(_("Siège"), "seat_label"),
        Column(_("Groupes"), lambda mandate: ", ".join(mandate.groups), key="groupes", cell=groups_cell),
        Column(
            _("Contact"),
            lambda mandate: contact_label(mandate.member.person),
            key="contact",
            cell=contact_cell,
            can_see=rules.can_see_private,
            is_shared=False,
        ),
        Column(_("Mesures à prévoir"), "needs", can_see=rules.can_see_private),
        Column(
            _("Mandat"),
            "state_label",
            key="etat",
            order=["state", NAME],
            cell=lambda mandate: state(mandate.state_badge, mandate.state_label),
            can_see=rules.can_see_private,
            is_shared=False,
        ),
    ],
    default="nom",
    key="members",
    route="members:member-list",
    export="members:member-export",
    row_route="members:member-page",
    can_open_row=rules.can_see_private,
    can_open=rules.can_see_directory,
    rows=members_of,
    first_page=lambda user, term: OPEN_MANDATES(user, term) if rules.can_see_private(user, term) else None,
    counted=ngettext_lazy("%(n)s membre", "%(n)s membres", "n"),
    filters=[
        Filter(
            "canton",
            _("Canton"),
            "member__canton",
            lambda term: canton_choices(term.assembly_id),
            _("Tous les cantons"),
        ),
        Filter(
            "groupe",
            _("Groupe"),
            choices=lambda term: committee_choices(term.pk),
            every=_("Tous les groupes"),
            where=in_committee,
        ),
        Filter(
            "etat",
            _("Mandat"),
            choices=[*MandateState.choices, (ALL, _("Tous"))],
            every=_("Ouverts"),
            where=in_state,
            otherwise=lambda: Q(state__in=MandateState.tagged("open")),
            can_see=rules.can_see_private,
        ),
        Filter(
            "contact",
            _("Contact"),
            "member__person__channel",
            ContactChannel.choices,
            _("Tous les moyens"),
            can_see=rules.can_see_private,
        ),
        Filter(
            "besoins",
            _("Mesures"),
            choices=[("oui", _("Avec une mesure à prévoir"))],
            every=_("Avec ou sans"),
            where=in_need,
            can_see=rules.can_see_private,
        ),
    ],
    search=search_members,
    search_label=_("Chercher un membre"),
    buttons=[
        PageLink(_("Importer un fichier"), "members:import-start", rules.can_see_private),
        PageLink(_("Ajouter un membre"), "members:member-add", rules.can_see_private, "primary"),
    ],
    selection=lambda user, term: ticked_people("members") if rules.can_see_private(user, term) else None,
    more=member_context,
    empty=Empty(
        _("Aucun membre pour le moment"),
        _("Importez la liste issue du tirage au sort, ou ajoutez les personnes une à une."),
        _("Les membres apparaîtront ici quand leur mandat sera ouvert."),
        button=PageLink(_("Importer un fichier"), "members:import-start", rules.can_see_private),
    ),
    unmatched=Unmatched(_("Aucun membre ne correspond"), label=_("Voir tous les membres")),
    template="members/members/list.html",
)


def person_reference(contact: Contact) -> str:
    """Return what names a card in a file that comes in again."""
    return f"personne-{contact.pk}"


PERSONS = Table(
    _("Personnes sans compte"),
    [
        *(
            Column(
                str(field.label), f"person.{'get_channel_display' if name == 'channel' else name}", kind=kind_of(field)
            )
            for name, field in PersonForm.base_fields.items()
        ),
        Column(_("Référence"), person_reference),
    ],
)


def ticked_people(key: str) -> Selection[Any]:
    """Return what a list of people offers for the ticked ones: to write to them."""
    return Selection(
        "",
        lambda n: ngettext("%(n)s personne choisie", "%(n)s personnes choisies", n) % {"n": n},
        {"ecrire": BulkPage(_("Écrire"), "correspondence:write-to-list", [key])},
    )


def contact_label(person: Person) -> str:
    if person.is_paper:
        return gettext("courrier postal")
    return gettext("courriel")


def quick_filters(counts: dict[str, int], filters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the quick filters: the most frequent queries of an officer."""
    offered: list[tuple[str, dict[str, Any], int]] = [
        (gettext("Mandats ouverts"), {}, counts["open"]),
        (gettext("Réponse attendue"), {"etat": MandateState.PROPOSED}, counts["proposed"]),
        (gettext("À ouvrir"), {"etat": MandateState.ACCEPTED}, counts["accepted"]),
        (gettext("Suspendus"), {"etat": MandateState.SUSPENDED}, counts["suspended"]),
        (gettext("Courrier postal"), {"contact": "paper"}, counts["paper"]),
        (gettext("Mesures à prévoir"), {"besoins": "oui"}, counts["needs"]),
        (gettext("Anciens membres"), {"etat": MandateState.ENDED}, counts["ended"]),
    ]
    return [
        {"label": label, "url": f"?{urlencode(query)}", "current": filters == query, "count": count}
        for label, query, count in offered
        if count or not query
    ]
