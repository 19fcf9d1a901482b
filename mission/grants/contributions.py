"""Contributions of grants: widgets, pages, mails, files, agenda topic, indicators, retention.

The contact of an association is retained until a year after the end. It is no `Person`: no card shows it, and its
columns are emptied on their day.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.models import Upload
from assembly.documents.registry import add_documents, add_upload_rules
from assembly.identity.attempts import add_ceiling
from assembly.identity.personal_data import retention
from assembly.indicators.counting import DaysBetween, days_of
from assembly.indicators.registry import (
    Breakdown,
    Cells,
    Facts,
    Indicator,
    RowLines,
    Theme,
    Unit,
    add_indicators,
    seen_in_assembly,
)
from assembly.institution.models import Term
from assembly.lists import Column
from assembly.notifications.registry import add_messages
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from assembly.speed.queries import CompiledQuery
from assembly.text.french import format_date, format_moment, format_number
from assembly.web.widgets import Widget, add_widget
from mission.grants import actions, queries, rules
from mission.grants.actions import KIND
from mission.grants.data_sets import GRANT_DATA
from mission.grants.documents import (
    GrantAgreementDraft,
    GrantDecisionDraft,
    GrantNoteFile,
    SealedGrantAgreement,
    SealedGrantDecision,
)
from mission.grants.mails import GrantDecision, GrantLink, GrantMissing, GrantReceipt
from mission.grants.models import GrantApplication, GrantScheme, GrantState, GrantState as S, SchemeState
from mission.grants.queries import format_amount
from mission.registers.declaration import registers
from sessions.agenda.topics import Topic, add_agenda_topic


def grant_widget(user: Any, row: GrantApplication) -> Widget:
    decided = [
        (gettext("Avis"), row.opinion),
        (gettext("Montant proposé"), format_amount(row.proposed_amount) if row.proposed_amount is not None else ""),
        (gettext("Échange entre les deux lectures"), row.discussion),
        (gettext("Note retenue, sur 100"), format_number(row.score) if row.score is not None else ""),
        (gettext("Montant voté"), format_amount(row.voted_amount) if row.voted_amount else ""),
        (gettext("Décidée le"), format_date(row.decided_on, weekday=False)),
        (gettext("Délibération"), row.decision_reference),
        (gettext("Motif du refus"), row.refusal),
        (gettext("Annoncée à l’association"), format_moment(row.decision_sent_at)),
        (gettext("Compte rendu financier"), row.account),
        *((label, format_date(day, weekday=False)) for label, day in queries.days_of_steps(row)),
    ]
    return Widget(
        "mission/grants/application_widget.html",
        {
            "row": row,
            "documents": queries.documents_of(row),
            "missing_labels": rules.missing_labels(row) if row.state in (S.RECEIVED, S.INCOMPLETE) else [],
            "doubles": rules.doubles_of(row) if row.state not in GrantState.tagged("dropped") else [],
            "asked": row.asked_for.splitlines(),
            "readings": queries.readings(row, user),
            "is_blind": rules.is_blind(user, row),
            "has_wide_gap": rules.needs_discussion(row),
            "sent_text": row.decision_text if row.decision_sent_at else "",
            "decided": [(label, text) for label, text in decided if text],
        },
    )


def scheme_widget(user: Any, row: GrantScheme) -> Widget:
    return Widget(
        "mission/grants/scheme_widget.html",
        {
            "row": row,
            "delay": queries.median_sentence(row.assembly_id),
            "without_siret": queries.published_without_siret(row),
        },
    )


def _published(assembly: int) -> QuerySet[GrantScheme]:
    return GrantScheme.objects.filter(assembly=assembly, state=SchemeState.PUBLISHED).order_by("closes_on", "pk")


PUBLISHED_SCHEMES = CompiledQuery(_published)


def public_schemes(user: Any, term: Any) -> Widget | None:
    """Return the widget of the public home while a scheme is open, else None."""
    now = timezone.now()
    schemes = [row for row in PUBLISHED_SCHEMES(term.assembly_id) if rules.is_open(row, now)]
    if not schemes:
        return None
    return Widget("mission/grants/_public_schemes.html", {"schemes": schemes}, order=60, position="foot")


def pages() -> Iterator[Page]:
    """Yield the page of the schemes, for the site map."""
    yield reverse("mission:grant-schemes"), None


def grant_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user sees the application of this document."""
    return registers["grants"].visible_to(user).filter(documents__upload=upload).exists()


LABEL = "mission.GrantScheme"


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, Topic]:
    """Describe published schemes: with a link to the list for the team, to the public page for anybody else."""
    known = [int(key) for key in keys if key.isdecimal()]
    rows = GrantScheme.objects.filter(pk__in=known).exclude(state=SchemeState.DRAFT)
    seen = set()
    if reader is not None:
        seen = set(registers["schemes"].visible_to(reader).filter(pk__in=known).values_list("pk", flat=True))
    return {
        str(row.pk): Topic(
            kind=_("Subventions"),
            reference=row.reference,
            title=row.name,
            url=reverse("mission:grant-committee" if row.pk in seen else "mission:grant-scheme", args=[row.pk]),
        )
        for row in rows
    }


def offer(user: Any, term: int) -> QuerySet[Any, tuple[int, str]]:
    """Return the schemes with applications before the committee, as pairs of key and label."""
    assembly = Term.objects.filter(pk=term).values("assembly")
    waiting = GrantApplication.objects.filter(state=S.COMMITTEE).values("scheme")
    rows = registers["schemes"].visible_to(user).filter(assembly__in=assembly, pk__in=waiting)
    label = Concat("reference", Value(" "), "name")
    return rows.order_by("reference__alphabetical").annotate(choice_label=label).values_list("pk", "choice_label")


def minutes_sentences(keys: Iterable[str]) -> Mapping[str, list[str]]:
    """Return lines such as « SUB-2026-03, Les Ateliers du Volvestre : 12 000 € votés. » by scheme."""
    lines: dict[str, list[str]] = {}
    rows = GrantApplication.objects.filter(
        scheme__in=[int(key) for key in keys if key.isdecimal()], state__in=S.tagged("awarded")
    )
    for row in rows.order_by("reference__alphabetical"):
        text = gettext("%(reference)s, %(name)s : %(amount)s € votés.")
        params = {"reference": row.reference, "name": row.name, "amount": format_number(row.voted_amount)}
        lines.setdefault(str(row.scheme_id), []).append(text % params)
    return lines


def grants_decided(term: Term, day: date) -> QuerySet[GrantApplication]:
    """Return the applications voted or refused in the term; a withdrawn one is not decided."""
    rows: QuerySet[GrantApplication] = GrantApplication.objects.filter(assembly=term.assembly_id)
    return rows.filter(decided_on__range=days_of(term, day))


def scheme_cells(term: Term) -> Cells:
    rows = GrantScheme.objects.filter(assembly=term.assembly_id).order_by("-closes_on", "name__alphabetical")
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


BY_SCHEME = Breakdown("dispositif", _("dispositif"), lambda term, day: "scheme_id", scheme_cells, facts=Facts.DATED)
APPLICATIONS = RowLines(
    [
        Column(_("Association"), "name", key="association", order=["name__alphabetical"]),
        Column(_("Dispositif"), "scheme.name", key="dispositif"),
        Column(_("Reçue le"), "received_on", key="recue", order=["received_on"]),
        Column(_("Décidée le"), "decided_on", key="decidee", order=["decided_on"]),
    ],
    lambda row: reverse("mission:grants-row", args=[row.pk]),
    seen_in_assembly(),
    related=("scheme",),
)
SOURCE = _("Demandes de subvention")
UNDECIDED = _("Aucune demande n’est encore décidée.")


add_widget("public", public_schemes)
add_widget("register-grants", grant_widget)
add_widget("register-schemes", scheme_widget)
add_pages("grants", pages)
add_data_sets(GRANT_DATA)
add_messages(GrantLink, GrantReceipt, GrantMissing, GrantDecision)
add_documents(GrantNoteFile, GrantDecisionDraft, SealedGrantDecision, GrantAgreementDraft, SealedGrantAgreement)
add_upload_rules(grant_document_is_visible)
add_agenda_topic(LABEL, describe, offer, minutes_sentences)
add_ceiling(KIND, _("Dépôt des demandes de subvention"), near=1000)
add_indicators(
    Indicator(
        "subventions-instruites",
        _("Subventions instruites"),
        _("Demandes de subvention votées ou refusées depuis le début de la mandature."),
        _("nombre de demandes décidées"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        UNDECIDED,
        facts=Facts.DATED,
        rows=grants_decided,
        lines=APPLICATIONS,
        breakdowns=(BY_SCHEME,),
        order=20,
    ),
    Indicator(
        "delai-subventions",
        _("Délai d’instruction d’une subvention"),
        _("La moitié des demandes sont décidées en moins de jours que ce nombre."),
        _("médiane (jour de la décision − jour de la réception)"),
        Theme.SUPPORT,
        Unit.DAYS,
        SOURCE,
        UNDECIDED,
        facts=Facts.DATED,
        rows=grants_decided,
        lines=APPLICATIONS,
        part=lambda day: DaysBetween("received_on", "decided_on"),
        is_median=True,
        breakdowns=(BY_SCHEME,),
        order=30,
    ),
)
add_audit_events(
    {
        "grant.deposited": _("a déposé la demande par le formulaire public"),
        "grant.address_confirmed": _("a confirmé l’adresse de l’association"),
    }
)

retention(
    "mission.grant_drafts",
    _("Demandes de subvention jamais envoyées, soixante jours après le dernier mot"),
    find=actions.old_drafts,
    apply=actions.erase_deposit,
)
retention(
    "mission.grant_contacts",
    _("Personnes à joindre des associations, un an après la fin de la demande"),
    find=actions.old_contacts,
    apply=actions.erase_applicant,
)
