"""Steps of an amendment by its author (write, sign, submit, confirm, withdraw), or by the team that keys it in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab.document.schema import check as check_tree
from assembly.identity.models import Person, User
from assembly.institution.models import Committee
from assembly.text.french import format_moment
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict
from opinions.actions.amendments.falls import fall_with_parent
from opinions.amending import plain_input
from opinions.amending.enums import AmendmentState, Operation
from opinions.amendments import rules
from opinions.amendments.queries import base_version
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionVersion
from opinions.queries.opinions import everybody
from opinions.workflows.amendment_guards import check_parent, check_passage
from sessions.sittings.enums import Via

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
    blocks = [] if is_inside else values.get("blocks") or plain_input.typed_blocks(text)
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
