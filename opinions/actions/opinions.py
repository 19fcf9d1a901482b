"""Steps of an opinion from the plan to the return: each checks the right, sets the state, writes the journal."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.document import building
from assembly.collab.enums import TextState
from assembly.identity.models import User
from assembly.institution.actions.numbering import next_number
from assembly.institution.rules import is_team
from assembly.workflow import lock
from consultations.models import Referral, ReferralCommittee
from consultations.referrals import actions as referrals
from opinions.actions import news
from opinions.actions.amendments import falls
from opinions.actions.versions import write_versions
from opinions.checks import actions as checks
from opinions.enums import OpinionLabel, OpinionState
from opinions.models import Opinion, OpinionSection
from opinions.opinions.workflow import OPINION
from opinions.queries.opinions import live_texts, sections_of
from opinions.rules import opinions as rules
from opinions.sections.workflow import SECTION
from opinions.texts import SECTION_KIND
from sessions.decisions.enums import BallotState
from sessions.decisions.workflow import BALLOT

SERIES = "opinion"
FIELDS = frozenset({"title", "label", "officer", "rapporteur"})


def next_reference(opinion: Opinion) -> str:
    """Return the next reference of the term, such as AC2-2026-03, which is given only once."""
    term, year = opinion.term, timezone.localdate().year
    series = f"{SERIES}-{term.code}"
    return f"{term.code}-{year}-{next_number(term.assembly, series, year):02d}"


@transaction.atomic
def create(referral: Referral, *, title: str, by: User, officer: User | None = None) -> Opinion:
    """Create the opinion with its plan: a section for each group that works on the question."""
    lock(referral)
    if not rules.can_create(by, referral):
        raise PermissionDenied
    if Opinion.objects.filter(referral=referral).exclude(state__in=OpinionState.tagged("ended")).exists():
        raise ValidationError(_("Un avis est déjà en cours sur cette saisine."), code="referral")
    opinion = Opinion.objects.create(
        term=referral.term,
        referral=referral,
        title=title,
        label=label_of(referral.term.opinion_label),
        officer=officer or by,
    )
    OpinionSection.objects.bulk_create(
        OpinionSection(
            opinion=opinion,
            position=position,
            title=row.committee.name,
            guidance=row.mandate_statement,
            committee=row.committee,
        )
        for position, row in enumerate(groups_of(referral), start=1)
    )
    record("opinion.created", opinion, by=by, referral=referral.pk)
    return opinion


def groups_of(referral: Referral) -> list[ReferralCommittee]:
    rows = ReferralCommittee.objects.filter(referral=referral, ended_at=None).select_related("committee")
    return list(rows.order_by("pk"))


def label_of(label: str) -> OpinionLabel:
    """Return the label of the term, or « avis » when it is not one of the choices."""
    return OpinionLabel(label) if label in OpinionLabel.values else OpinionLabel.OPINION


@transaction.atomic
def edit(opinion: Opinion, *, by: User, **values: Any) -> None:
    """Correct the title, the label, the officer and the rapporteur."""
    if not rules.can_edit(by, opinion):
        raise PermissionDenied
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    officer = values.get("officer")
    if officer not in (None, opinion.officer) and not is_team(officer, opinion.term_id):
        raise ValidationError(_("Choisissez une personne de l’équipe."), code="officer")
    changed = sorted(name for name, value in values.items() if getattr(opinion, name) != value)
    if changed:
        Opinion.objects.filter(pk=opinion.pk).update(changed_at=timezone.now(), **values)
        opinion.refresh_from_db()
        record("opinion.changed", opinion, by=by, fields=changed)


@OPINION.action("open")
@transaction.atomic
def open_texts(opinion: Opinion, *, by: User) -> None:
    """Give each group its text, inform its members, and start the referral's work if nobody has noted it."""
    referrals.follow_opinion(opinion.referral, "start", by=by)
    OPINION.transition(opinion, "open", by=by)
    sections = sections_of(opinion)
    for section in sections:
        give_text(section, by=by)
    news.announce_texts(opinion, sections, by=by)


def give_text(section: OpinionSection, *, by: User) -> None:
    """Create the text of a section, with its first headings."""
    opinion = section.opinion
    text = texts.create(
        SECTION_KIND,
        title=f"{opinion.referral.reference} – {section.title}",
        assembly=opinion.term.assembly,
        runs=[(by, first_tree())],
        by=by,
    )
    OpinionSection.objects.filter(pk=section.pk).update(text=text)
    section.text = text


def first_tree() -> dict[str, Any]:
    """Build the first text of a group: two headings and one recommendation to fill in."""
    return building.tree_document(
        building.heading(_("Ce que nous avons constaté")),
        building.paragraph(),
        building.heading(_("Ce que nous proposons")),
        building.recommendation(),
    )


@OPINION.action("return")
@transaction.atomic
def give_back(opinion: Opinion, *, reason: str, by: User) -> None:
    """Return the texts to the groups, for the lead; their validation ends, the notes of directorates stay."""
    step = OPINION.require(opinion, "return", by=by)
    was_one_text = opinion.has_one_text
    write_versions(live_texts(opinion), label=_("Avant le retour aux groupes"), by=by)
    OPINION.take(opinion, step, by=by, reason=reason)
    checks.close_all(opinion, reason=reason, by=by)
    reopen_sections(opinion, reason=reason, by=by, was_one_text=was_one_text)


def reopen_sections(opinion: Opinion, *, reason: str, by: User, was_one_text: bool) -> None:
    """Let groups write again, and freeze the one text, which is retained as it was."""
    for section in sections_of(opinion):
        if section.is_validated:
            SECTION.follow(section, "reopen", by=by, reason=reason)
        if section.text is None:
            give_text(section, by=by)
        elif section.text.state != TextState.OPEN:
            texts.open_again(section.text, by=by)
    if was_one_text and opinion.text is not None and opinion.text.state != TextState.FROZEN:
        texts.freeze(opinion.text, label=_("Texte réuni, avant le retour aux groupes"), by=by)


@OPINION.action("reopen")
@transaction.atomic
def reopen(opinion: Opinion, *, reason: str, by: User) -> None:
    """Let the groups write again after the plenary rejected the opinion; the lead does it."""
    OPINION.transition(opinion, "reopen", by=by, reason=reason)
    reopen_sections(opinion, reason=reason, by=by, was_one_text=True)


@OPINION.action("withdraw")
@transaction.atomic
def withdraw(opinion: Opinion, *, reason: str, by: User) -> None:
    """Stop the opinion, with a reason: texts stay as they are, nobody writes any more."""
    if opinion.agenda_item is not None:
        lock(opinion.agenda_item.sitting)
    step = OPINION.require(opinion, "withdraw", by=by)
    ballot, running = opinion.ballot, live_texts(opinion)
    write_versions(running, label=_("Avant le retrait"), by=by)
    OPINION.take(opinion, step, by=by, reason=reason)
    checks.close_all(opinion, reason=reason, by=by)
    falls.end_all(opinion, reason=reason.strip(), by=by)
    for text in running:
        if text.state != TextState.FROZEN:
            texts.freeze(text, label=_("Avis retiré"), by=by)
    if ballot is not None and ballot.state == BallotState.PREPARED:
        BALLOT.transition(ballot, "drop", by=by)
