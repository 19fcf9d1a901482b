"""An amendment on its author's side: written, signed, submitted, confirmed, withdrawn; or keyed in by the team."""

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
from assembly.ui.versioned import Versioned
from assembly.ui.words import moment_words
from assembly.workflow import StateConflict
from opinions.actions.amendment_falls import fall_with_parent
from opinions.amending import applying, plain_input
from opinions.amending.changes import new_text
from opinions.amending.enums import AmendmentState, Operation
from opinions.models import Amendment, AmendmentCosigner, Opinion, OpinionVersion
from opinions.queries.amendments import base_version, cosigner_of
from opinions.queries.opinions import everybody, settings_of
from opinions.rules import amendments as rules
from opinions.rules.amendments import Window
from opinions.workflows.amendments import AMENDMENT
from sessions.enums import Via

A = AmendmentState
DRAFT = Versioned(version="revision", at="changed_at")
FIELDS = frozenset(
    {"operation", "alinea_from", "alinea_to", "quote", "typed", "blocks", "reason", "parent", "committee"}
)


def amendment_columns(values: dict[str, Any]) -> dict[str, Any]:
    """Columns out of what was typed: words for a quotation, blocks for whole alinéas, nothing for a deletion."""
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    columns = {name: value for name, value in values.items() if name not in ("typed", "blocks")}
    text = "" if columns["operation"] == Operation.DELETE else values.get("typed", "")
    is_inside = bool(columns.get("quote"))
    blocks = [] if is_inside else values.get("blocks") or plain_input.typed_blocks(text)
    columns["words"] = " ".join(text.split()) if is_inside else ""
    columns["content"] = check_tree({"type": "doc", "content": blocks})["content"] if blocks else []
    return columns


@transaction.atomic
def save(opinion: Opinion, *, by: User, draft: Amendment | None = None, revision: int = 0, **values: Any) -> Amendment:
    """Keep a draft as it is written, valid or not; EditConflict when another window saved it meanwhile.

    A draft that was begun on a former text goes over to the present one: its words are kept, its passage is checked
    when it is submitted.
    """
    version = base_version(opinion)
    if version is None or (draft is None and not rules.can_propose(by, opinion, timezone.now())):
        raise PermissionDenied
    columns = {**amendment_columns(values), "version": version}
    check_committee(opinion, columns.get("committee"), by.person)
    check_parent(version, columns.get("parent"))
    if draft is None:
        return Amendment.objects.create(author=by.person, **columns)
    if not rules.can_edit(by, draft):
        raise PermissionDenied
    DRAFT.save(draft, {**columns, "changed_at": timezone.now()}, version=revision, state=A.DRAFT)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def begin_again(amendment: Amendment, *, by: User) -> Amendment:
    """A draft with the words of an amendment to a former text: its author chooses the passage again."""
    opinion = amendment.version.opinion
    version = base_version(opinion)
    if version is None or not rules.is_author(by, amendment) or not rules.can_propose(by, opinion, timezone.now()):
        raise PermissionDenied
    if version.pk == amendment.version_id:
        raise StateConflict(amendment, "begin_again")
    names = ("operation", "alinea_from", "alinea_to", "quote", "words", "content", "reason", "committee")
    copied = {name: getattr(amendment, name) for name in names}
    return Amendment.objects.create(version=version, author=by.person, **copied)


def check_committee(opinion: Opinion, committee: Committee | None, author: Person) -> None:
    """An amendment in the name of a group comes from one of its members."""
    if committee is None:
        return
    today = timezone.localdate()
    seats = committee.memberships.filter(person=author, starts_on__lte=today)
    if committee.term_id != opinion.term_id or not seats.exclude(ends_on__lt=today).exists():
        raise ValidationError(_("Choisissez un groupe dont cette personne est membre."), code="committee")


def check_parent(version: OpinionVersion, parent: Amendment | None) -> None:
    """A sub-amendment changes new text of an amendment that is still to be called, and is none of its own kind."""
    if parent is None:
        return
    if parent.version_id != version.pk or parent.parent_id is not None or parent.operation == Operation.DELETE:
        raise ValidationError(_("Cet amendement ne peut pas être modifié."), code="parent")
    if parent.state not in {A.ADMISSIBLE, A.RAPPORTEUR_VIEW, A.DEBATED}:
        raise ValidationError(_("L’amendement que vous voulez modifier n’est plus en discussion."), code="parent")


def check_passage(amendment: Amendment) -> None:
    """Raise, with a sentence, when it cannot be done in the text that stands; nothing typed is lost."""
    version = base_version(amendment.version.opinion_id)
    if version is None or version.pk != amendment.version_id:
        raise ValidationError(
            _("Le texte a changé depuis. Choisissez de nouveau le passage : vos mots sont gardés."), code="version"
        )
    change = amendment.change
    if change.operation != Operation.DELETE and not (change.words or change.blocks):
        raise ValidationError(_("Écrivez le nouveau texte."), code="text")
    tree = version.tree if amendment.parent is None else new_text(amendment.parent.change)
    applying.check_change(tree, change)


def check_window(opinion: Opinion) -> None:
    """The hour decides, whatever the page showed."""
    state = rules.window(opinion, timezone.now())
    if state == Window.OPEN:
        return
    if state == Window.TO_COME:
        words = _("Les amendements ne sont pas encore ouverts. Votre brouillon est gardé.")
    elif opinion.amendments_close_at is not None and state == Window.CLOSED:
        words = _("Le dépôt des amendements est fermé depuis le %(moment)s. Votre brouillon est gardé.") % {
            "moment": moment_words(opinion.amendments_close_at)
        }
    else:
        words = _("Cet avis n’est pas ouvert aux amendements. Votre brouillon est gardé.")
    raise ValidationError(words, code="window")


@transaction.atomic
def submit(amendment: Amendment, *, by: User) -> None:
    """Submit one's draft: it gets its number for ever."""
    if not rules.is_author(by, amendment):
        raise PermissionDenied
    opinion = amendment.version.opinion
    check_window(opinion)
    check_passage(amendment)
    check_parent(amendment.version, amendment.parent)
    if not amendment.reason.strip():
        raise ValidationError(_("Dites pourquoi, en une ou deux phrases."), code="reason")
    signed = amendment.cosigners.filter(signed_at__isnull=False).count()
    needed = settings_of(opinion.term_id).cosigners_needed
    if signed < needed:
        words = _("Il faut %(needed)s signatures avec la vôtre, il y en a %(signed)s.")
        raise ValidationError(words % {"needed": needed + 1, "signed": signed + 1}, code="cosigners")
    next_number(amendment)
    record("amendment.submitted", amendment, by=by, dossier=opinion, number=amendment.number)


def next_number(amendment: Amendment) -> None:
    """The next number of the version; the version itself is held, so that no two have the same."""
    OpinionVersion.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=amendment.version_id)
    last = Amendment.objects.filter(version=amendment.version_id).aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    AMENDMENT.move(amendment, "submit", number=last + 1, submitted_at=now, changed_at=now)


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
    """Key in what a member gave on paper, by telephone or on the floor; the member is asked to confirm."""
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
    amendment = Amendment(
        version=version, author=author, via=Via(via), recorded_by=by, received_on=received_on, **columns
    )
    check_passage(amendment)
    amendment.save()
    now = timezone.now()
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(amendment=amendment, person=person, invited_by=by, signed_at=now, via=Via(via))
        for person in signers
        if person.pk != author.pk
    )
    next_number(amendment)
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
    """Received before the window closed; a sub-amendment may come from the floor."""
    if received_on > timezone.localdate():
        raise ValidationError(_("Ce jour n’est pas encore venu."), code="received_on")
    closes = opinion.amendments_close_at
    if not is_sub and closes is not None and received_on > timezone.localdate(closes):
        words = _("Le dépôt des amendements s’est fermé le %(moment)s : celui-ci est arrivé trop tard.")
        raise ValidationError(words % {"moment": moment_words(closes)}, code="received_on")


@transaction.atomic
def confirm(amendment: Amendment, *, by: User) -> None:
    """The author says that what was keyed in is what they wrote."""
    if not rules.is_author(by, amendment):
        raise PermissionDenied
    rows = Amendment.objects.filter(pk=amendment.pk, confirmed_at=None).exclude(via=Via.ACCOUNT)
    if not rules.can_confirm(by, amendment) or not rows.update(confirmed_at=timezone.now()):
        raise StateConflict(amendment, "confirm")
    amendment.refresh_from_db(fields=["confirmed_at"])
    record("amendment.confirmed", amendment, by=by, dossier=amendment.version.opinion)


@transaction.atomic
def discard(amendment: Amendment, *, by: User) -> None:
    """Throw a draft away: nobody but its signers ever read it."""
    if not rules.is_author(by, amendment):
        raise PermissionDenied
    if not Amendment.objects.filter(pk=amendment.pk, state=A.DRAFT).delete()[0]:
        raise StateConflict(amendment, "discard")


@transaction.atomic
def withdraw(amendment: Amendment, *, by: User, reason: str = "") -> None:
    """The author takes it back; its number stays taken, what was to change it falls."""
    if not rules.is_author(by, amendment):
        raise PermissionDenied
    if not rules.can_take(by, amendment, "withdraw"):
        raise StateConflict(amendment, "withdraw")
    now = timezone.now()
    AMENDMENT.move(
        amendment, "withdraw", ended_at=now, end_reason=reason.strip(), changed_at=now, author_told=A.WITHDRAWN
    )
    record("amendment.withdrawn", amendment, by=by, dossier=amendment.version.opinion, detail=reason.strip())
    fall_with_parent(amendment, by=by)


@transaction.atomic
def invite(amendment: Amendment, people: Iterable[Person], *, by: User) -> int:
    """Ask members to sign; asked twice, they are asked once. Returns how many are asked anew."""
    if not rules.is_author(by, amendment):
        raise PermissionDenied
    if not rules.can_invite(by, amendment):
        raise StateConflict(amendment, "invite")
    members = {person.pk for person in everybody(amendment.version.opinion)}
    asked = set(amendment.cosigners.values_list("person", flat=True)) | {amendment.author_id}
    new = [person for person in people if person.pk in members and person.pk not in asked]
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(amendment=amendment, person=person, invited_by=by) for person in new
    )
    if new:
        record("amendment.cosigners_asked", amendment, by=by, dossier=amendment.version.opinion, people=len(new))
    return len(new)


@transaction.atomic
def sign(amendment: Amendment, *, by: User) -> None:
    """One click: sign it with its author. Signed twice, it is signed once."""
    mine = cosigner_of(by, amendment)
    if not rules.can_sign(by, amendment, is_invited=mine is not None):
        if amendment.author_id == by.person_id or not rules.is_member_of(by, amendment):
            raise PermissionDenied
        raise StateConflict(amendment, "sign")
    line, _made = AmendmentCosigner.objects.get_or_create(amendment=amendment, person=by.person)
    if line.signed_at is None:
        AmendmentCosigner.objects.filter(pk=line.pk).update(signed_at=timezone.now(), declined_at=None)
        record("amendment.signed", amendment, by=by, dossier=amendment.version.opinion)


@transaction.atomic
def decline(amendment: Amendment, *, by: User) -> None:
    """Say no, or take one's signature back, until the debate."""
    mine = cosigner_of(by, amendment)
    if mine is None:
        raise PermissionDenied
    if not rules.can_sign(by, amendment, is_invited=True):
        raise StateConflict(amendment, "decline")
    AmendmentCosigner.objects.filter(pk=mine.pk).update(signed_at=None, declined_at=timezone.now())
    record("amendment.unsigned", amendment, by=by, dossier=amendment.version.opinion)
