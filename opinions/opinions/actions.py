"""Steps of an opinion from the plan to the return, and the settings of a term about opinions."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.actions import texts
from assembly.collab.document import grammar
from assembly.collab.models import TextState
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import lock
from consultations.models import Referral, ReferralCommittee
from consultations.referrals import actions as referrals
from opinions import mails
from opinions.amendments import actions as amendments
from opinions.checks import actions as checks
from opinions.models import Opinion, OpinionLabel, OpinionSection, OpinionSettings, OpinionState
from opinions.opinions import rules
from opinions.opinions.models import SECTION_KIND
from opinions.opinions.queries import live_texts, sections_of
from opinions.opinions.workflow import OPINION
from opinions.sections.workflow import SECTION
from opinions.versions.actions import write_versions
from sessions.decisions.workflow import BALLOT
from sessions.models import BallotState

FIELDS = frozenset({"title", "label", "officer", "rapporteur"})


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
    mails.announce_texts(opinion, sections, by=by)


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
    return grammar.tree_document(
        grammar.heading(_("Ce que nous avons constaté")),
        grammar.paragraph(),
        grammar.heading(_("Ce que nous proposons")),
        grammar.recommendation(),
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
    amendments.end_all(opinion, reason=reason.strip(), by=by)
    for text in running:
        if text.state != TextState.FROZEN:
            texts.freeze(text, label=_("Avis retiré"), by=by)
    if ballot is not None and ballot.state == BallotState.PREPARED:
        BALLOT.transition(ballot, "drop", by=by)


SETTINGS = ("amendment_days", "cosigners_needed", "check_days", "ranking_dots", "spokespersons")


@transaction.atomic
def change_settings(term: Term, values: dict[str, Any], *, by: User) -> list[str]:
    """Write what changed, with the former values in the journal; windows already open keep their dates."""
    if not is_lead(by, term):
        raise PermissionDenied
    row, _created = OpinionSettings.objects.select_for_update(no_key=True).get_or_create(term=term)
    before = {name: getattr(row, name) for name in SETTINGS}
    changed = [name for name in SETTINGS if values[name] != before[name]]
    if changed:
        OpinionSettings.objects.filter(pk=row.pk).update(**{name: values[name] for name in changed})
        changes = {name: [before[name], values[name]] for name in changed}
        record("opinion.settings_changed", term, by=by, changes=changes)
    return changed
