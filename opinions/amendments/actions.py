"""Steps of an amendment: proposed by its author, checked, decided in the sitting, and what falls with it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.audit.actions import record
from assembly.collab.document.schema import canonical, check as check_tree
from assembly.identity.models import Person, User
from assembly.institution.models import Committee
from assembly.text.french import format_moment
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock
from opinions.amending import applying, typed_input
from opinions.amending.applying import fallen_keys
from opinions.amending.changes import AmendmentChange, Operation
from opinions.amending.passages import ballot_question, format_alineas
from opinions.amendments import rules
from opinions.amendments.models import AmendmentDecisionMode, AmendmentState, ViewStance
from opinions.amendments.queries import adopted_changes, base_version, changes_of
from opinions.amendments.rules import check_parent
from opinions.amendments.workflow import AMENDMENT, check_passage
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionVersion, VersionKind
from opinions.opinions.queries import everybody
from opinions.versions import actions as versions
from opinions.versions.queries import last_version
from sessions.attendance.queries.presence import check_item_quorum
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot, BallotResult, Via

A = AmendmentState
DRAFT = Versioned(version="revision", at="changed_at")
FIELDS = frozenset(
    {"operation", "alinea_from", "alinea_to", "quote", "typed", "blocks", "reason", "parent", "committee"}
)


def amendment_columns(values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of the typed values: words for a quotation, blocks for whole alinéas, none for a deletion."""
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    columns = {name: value for name, value in values.items() if name not in ("typed", "blocks")}
    text = "" if columns["operation"] == Operation.DELETE else values.get("typed", "")
    is_inside = bool(columns.get("quote"))
    blocks = [] if is_inside else values.get("blocks") or typed_input.typed_blocks(text)
    columns["new_text"] = " ".join(text.split()) if is_inside else ""
    columns["content"] = check_tree({"type": "doc", "content": blocks})["content"] if blocks else []
    return columns


@transaction.atomic
def save(opinion: Opinion, *, by: User, draft: Amendment | None = None, revision: int = 0, **values: Any) -> Amendment:
    """Save a draft, valid or not; raise EditConflict when another window saved it since.

    A draft that was begun on a former text moves to the present one: its words stay, its passage is checked when it is
    submitted.
    """
    version = base_version(opinion)
    if version is None or (draft is None and not rules.can_propose(by, opinion, timezone.now())):
        raise PermissionDenied
    columns = {**amendment_columns(values), "version": version}
    check_committee(opinion, columns.get("committee"), by.person)
    check_parent(version, columns.get("parent"))
    if draft is None:
        return Amendment.objects.create(author=by.person, **columns)
    step = AMENDMENT.require(draft, "edit", by=by)
    if draft.revision != revision:
        raise DRAFT.conflict(draft, columns)
    AMENDMENT.take(draft, step, by=by, revision=revision + 1, **columns)
    return draft


@transaction.atomic
def copy_to_draft(amendment: Amendment, *, by: User) -> Amendment:
    """Create a draft with the words of an amendment to a former text; its author chooses the passage again."""
    opinion = amendment.version.opinion
    version = base_version(opinion)
    if version is None or not rules.is_author(by, amendment) or not rules.can_propose(by, opinion, timezone.now()):
        raise PermissionDenied
    if version.pk == amendment.version_id:
        raise StateConflict(amendment, "begin_again")
    names = ("operation", "alinea_from", "alinea_to", "quote", "new_text", "content", "reason", "committee")
    copied = {name: getattr(amendment, name) for name in names}
    return Amendment.objects.create(version=version, author=by.person, **copied)


def check_committee(opinion: Opinion, committee: Committee | None, author: Person) -> None:
    """Raise ValidationError unless the author of an amendment in the name of a group is a member of it."""
    if committee is None:
        return
    today = timezone.localdate()
    seats = committee.memberships.filter(person=author, starts_on__lte=today)
    if committee.term_id != opinion.term_id or not seats.exclude(ends_on__lt=today).exists():
        raise ValidationError(_("Choisissez un groupe dont cette personne est membre."), code="committee")


@transaction.atomic
def submit(amendment: Amendment, *, by: User) -> None:
    """Submit one's draft, and give it its permanent number."""
    step = AMENDMENT.require(amendment, "submit", by=by)
    AMENDMENT.take(amendment, step, by=by, number=next_number(amendment.version_id))


def next_number(version: int) -> int:
    """Return the next number of an amendment, with the version locked so that no two amendments get the same one."""
    OpinionVersion.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=version)
    return (Amendment.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def record_for(
    opinion: Opinion,
    author: Person,
    *,
    via: str,
    received_on: date,
    cosigners: Iterable[Person] = (),
    by: User,
    **values: Any,
) -> Amendment:
    """Key in what a member gave on paper, by telephone or on the floor, for the member to confirm."""
    version = base_version(opinion)
    if version is None or not rules.can_record(by, opinion):
        raise PermissionDenied
    members = {person.pk for person in everybody(opinion)}
    signers = list(cosigners)
    if author.pk not in members or any(person.pk not in members for person in signers):
        raise ValidationError(_("Choisissez un membre de l’assemblée."), code="author")
    check_received(opinion, received_on, is_sub=values.get("parent") is not None)
    columns = amendment_columns(values)
    check_committee(opinion, columns.get("committee"), author)
    check_parent(version, columns.get("parent"))
    now = timezone.now()
    amendment = Amendment(
        version=version,
        author=author,
        state=A.SUBMITTED,
        submitted_at=now,
        via=Via(via),
        recorded_by=by,
        received_on=received_on,
        **columns,
    )
    check_passage(amendment)
    amendment.number = next_number(version.pk)
    amendment.save()
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(amendment=amendment, person=person, invited_by=by, signed_at=now, via=Via(via))
        for person in signers
        if person.pk != author.pk
    )
    record(
        "amendment.recorded",
        amendment,
        by=by,
        on_behalf_of=author,
        dossier=opinion,
        number=amendment.number,
        via=via,
        received_on=received_on,
    )
    return amendment


def check_received(opinion: Opinion, received_on: date, *, is_sub: bool) -> None:
    """Raise ValidationError unless it came before the window closed; a sub-amendment may come from the floor."""
    if received_on > timezone.localdate():
        raise ValidationError(_("Ce jour n’est pas encore venu."), code="received_on")
    closes = opinion.amendments_close_at
    if not is_sub and closes is not None and received_on > timezone.localdate(closes):
        message = _("Le dépôt des amendements s’est fermé le %(moment)s : celui-ci est arrivé trop tard.")
        raise ValidationError(message % {"moment": format_moment(closes)}, code="received_on")


@AMENDMENT.action("discard")
@transaction.atomic
def discard(amendment: Amendment, *, by: User) -> None:
    """Delete a draft, which nobody but its signers has read."""
    AMENDMENT.require(amendment, "discard", by=by)
    Amendment.objects.filter(pk=amendment.pk).delete()


@AMENDMENT.action("withdraw")
@transaction.atomic
def withdraw(amendment: Amendment, *, by: User, reason: str = "") -> None:
    """Withdraw an amendment for its author: its number stays taken, and its sub-amendments fall."""
    AMENDMENT.transition(amendment, "withdraw", by=by, reason=reason)
    fall_with_parent(amendment, by=by)


@transaction.atomic
def invite(amendment: Amendment, people: Iterable[Person], *, by: User) -> int:
    """Ask members to sign, each only once, and return how many are asked for the first time."""
    step = AMENDMENT.require(amendment, "invite", by=by)
    members = {person.pk for person in everybody(amendment.opinion)}
    asked = set(amendment.cosigners.values_list("person", flat=True)) | {amendment.author_id}
    new = [person for person in people if person.pk in members and person.pk not in asked]
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(amendment=amendment, person=person, invited_by=by) for person in new
    )
    if new:
        AMENDMENT.take(amendment, step, by=by, facts={"people": len(new)})
    return len(new)


@AMENDMENT.action("sign")
@transaction.atomic
def sign(amendment: Amendment, *, by: User) -> None:
    """Sign the amendment with its author; a second call changes nothing."""
    step = AMENDMENT.require(amendment, "sign", by=by)
    line, _created = AmendmentCosigner.objects.get_or_create(amendment=amendment, person=by.person)
    if line.signed_at is None:
        AmendmentCosigner.objects.filter(pk=line.pk).update(signed_at=timezone.now(), declined_at=None)
        AMENDMENT.take(amendment, step, by=by)


@AMENDMENT.action("decline")
@transaction.atomic
def decline(amendment: Amendment, *, by: User) -> None:
    """Refuse to sign, or take one's signature back, until the debate."""
    AMENDMENT.transition(amendment, "decline", by=by)
    mine = AmendmentCosigner.objects.filter(amendment=amendment, person=by.person)
    mine.update(signed_at=None, declined_at=timezone.now())


@AMENDMENT.action("give_view")
@transaction.atomic
def give_view(amendment: Amendment, *, stance: str, text: str, by: User) -> None:
    """Record what the rapporteur recommends, in place of a former view; recorded by the team, it is shown as such."""
    AMENDMENT.transition(amendment, "give_view", by=by, view_stance=ViewStance(stance), view_text=text.strip())


@AMENDMENT.action("merge")
@transaction.atomic
def merge(amendment: Amendment, into: Amendment, *, reason: str, by: User) -> None:
    """Merge two amendments that ask for the same change: the author and the signers move to the other one."""
    step = AMENDMENT.require(amendment, "merge", by=by)
    target = lock(into)
    same = target.version_id == amendment.version_id and target.parent_id == amendment.parent_id
    if not same or target.pk == amendment.pk or target.state not in step.sources:
        raise ValidationError(_("Choisissez un autre amendement de ce texte, encore en discussion."), code="into")
    AMENDMENT.take(amendment, step, by=by, reason=reason, merged_into=target)
    carry_signers(amendment, target)
    fall_with_parent(amendment, by=by)


def carry_signers(amendment: Amendment, target: Amendment) -> None:
    """Make the author and the signers of one amendment sign the other, once each."""
    known = set(target.cosigners.values_list("person", flat=True)) | {target.author_id}
    signed = {row.person_id: row for row in amendment.cosigners.filter(signed_at__isnull=False)}
    people = [amendment.author_id, *signed]
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(
            amendment=target,
            person_id=person,
            signed_at=signed[person].signed_at if person in signed else amendment.submitted_at,
            via=signed[person].via if person in signed else amendment.via,
        )
        for person in people
        if person not in known
    )


@AMENDMENT.action("adopt")
@transaction.atomic
def vote(amendment: Amendment, votes: Count, *, by: User, **facts: Any) -> Ballot:
    """Record the votes that two persons counted; the majority rule of the term decides. `facts` as for any ballot."""
    AMENDMENT.require(amendment, "adopt", by=by)
    item = item_of(amendment)
    question = ballot_question(
        amendment.number or 0, format_alineas(amendment.change), is_sub=amendment.parent is not None
    )
    ballot = decisions.prepare_ballot(item, question=question, by=by)
    decisions.count_ballot(ballot, votes, by=by, **facts)
    step_name = "adopt" if ballot.result == BallotResult.ADOPTED else "reject"
    decide(amendment, step_name, by=by, decision_mode=AmendmentDecisionMode.BALLOT, ballot=ballot)
    # The ballot is proclaimed last, so that receivers of the proclamation already find its amendment linked to it.
    BALLOT.transition(ballot, "proclaim", by=by)
    return ballot


def item_of(amendment: Amendment) -> AgendaItem:
    """Return the item under which the amendment is decided; raise ValidationError (code `item`) without one."""
    item = amendment.opinion.agenda_item
    if item is None:
        raise ValidationError(_("L’avis n’est à l’ordre du jour d’aucune séance."), code="item")
    return item


@transaction.atomic
def consent(amendment: Amendment, *, by: User) -> None:
    """Adopt without a vote when nobody objects to the chair's question; the quorum must be there."""
    AMENDMENT.require(amendment, "adopt", by=by)
    room = check_item_quorum(item_of(amendment))
    decide(amendment, "adopt", by=by, decision_mode=AmendmentDecisionMode.CONSENT, **room.facts)


def decide(amendment: Amendment, step_name: str, *, by: User, **changes: Any) -> None:
    """Adopt or reject, and apply at once what follows: the amendments that fall and the next text."""
    AMENDMENT.follow(amendment, step_name, by=by, **changes)
    if step_name == "adopt":
        fall_with_adopted(amendment, by=by)
        write_amended_version(amendment.opinion, by=by)
    else:
        fall_with_parent(amendment, by=by)


@AMENDMENT.action("correct")
@transaction.atomic
def correct(amendment: Amendment, *, reason: str, by: User) -> None:
    """Send a wrong result back to the debate; the vote stays in the minutes, and only the lead restores what fell."""
    AMENDMENT.transition(amendment, "correct", by=by, reason=reason)
    write_amended_version(amendment.opinion, by=by)


@AMENDMENT.action("fall")
@transaction.atomic
def fall(amendment: Amendment, *, reason: str, by: User) -> None:
    """Mark the amendment as without object, for a reason that only a person can see."""
    AMENDMENT.transition(amendment, "fall", by=by, reason=reason)
    fall_with_parent(amendment, by=by)


VOTED = gettext_lazy("L’avis a été voté avant que cet amendement soit appelé.")
TAKEN_BACK = gettext_lazy("Le texte a été repris : vous pourrez amender le nouveau quand il sera déposé.")


def drop(amendments: QuerySet[Amendment], *, because: Amendment | None, reason: str, by: User) -> None:
    """Mark these amendments as without object, with the amendment that is the cause and the reason."""
    number = because.number if because is not None else None
    for amendment in amendments.select_related("version__opinion").order_by("pk"):
        facts = {"because": number}
        AMENDMENT.follow(amendment, "fall", by=by, facts=facts, end_reason=reason, fell_because=because)


def end_all(opinion: Opinion, *, reason: str, by: User) -> None:
    """End every undecided amendment, because its text is voted or taken back."""
    undecided = Amendment.objects.filter(version__opinion=opinion, state__in=A.tagged("undecided"))
    drop(undecided, because=None, reason=reason, by=by)


def fall_with_parent(amendment: Amendment, *, by: User) -> None:
    """Drop the undecided sub-amendments of an amendment: they have nothing left to change."""
    subs = Amendment.objects.filter(parent=amendment, state__in=A.tagged("undecided"))
    reason_text = _("L’amendement n°\u00a0%(number)s, qu’il modifie, n’est plus en discussion.")
    drop(subs, because=amendment, reason=reason_text % {"number": amendment.number}, by=by)


def fall_with_adopted(amendment: Amendment, *, by: User) -> None:
    """Drop the amendments that change the same passage in another way."""
    version = amendment.version
    waiting = list(Amendment.objects.filter(version=version, state__in=A.tagged("waiting")).order_by("number"))
    keys = set(fallen_keys(version.tree, amendment.change, family(amendment, waiting)))
    reason_text = _("L’amendement n°\u00a0%(number)s, adopté, porte sur le même passage.")
    amendments = Amendment.objects.filter(version=version, state__in=A.tagged("waiting"), pk__in=keys)
    drop(amendments, because=amendment, reason=reason_text % {"number": amendment.number}, by=by)


def family(amendment: Amendment, waiting: Iterable[Amendment]) -> list[AmendmentChange]:
    """Return the waiting changes, with the parent of a sub-amendment, in whose new text it is judged."""
    changes = changes_of(waiting)
    parent = amendment.parent
    if parent is not None and all(change.key != parent.pk for change in changes):
        changes.append(parent.change)
    return changes


def write_amended_version(opinion: Opinion, *, by: User) -> OpinionVersion | None:
    """Write the tabled text with the adopted amendments as the next version; None when it is unchanged.

    The caller holds the row lock of the opinion. The text does not depend on the order in which results were recorded.
    """
    base, last = base_version(opinion), last_version(opinion)
    if base is None or last is None:
        return None
    tree = canonical(applying.apply_changes(base.tree, adopted_changes(base)))
    if tree == last.tree:
        return None
    return versions.make(opinion, VersionKind.AMENDED, tree, by=by)
