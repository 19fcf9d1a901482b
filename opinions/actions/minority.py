"""A minority position: written, submitted, signed by others, keyed in from paper, withdrawn."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.versioned import Versioned
from assembly.ui.words import date_words
from assembly.workflow import StateConflict
from opinions.enums import PositionState
from opinions.models import MinorityCosigner, MinorityPosition, Opinion
from opinions.queries.minority import names_in, possible_authors
from opinions.rules import minority as rules
from opinions.workflows.positions import POSITION
from sessions.enums import Via

P = PositionState
SHORTEST, LONGEST = 80, 6000
DRAFT = Versioned()


def check_words(opinion: Opinion, title: str, body: str, *, author: User) -> tuple[str, str]:
    """Long enough to be understood, short enough to be printed, and about ideas: it names no other member."""
    title, body = title.strip(), body.strip()
    if not title:
        raise ValidationError(_("Donnez un titre."), code="title")
    if not SHORTEST <= len(body) <= LONGEST:
        words = _("Écrivez entre %(least)s et %(most)s signes : il y en a %(n)s.")
        raise ValidationError(words % {"least": SHORTEST, "most": LONGEST, "n": len(body)}, code="length")
    if named := names_in(opinion, f"{title}\n{body}", spared=[author.person_id]):
        words = _("Ce texte nomme %(who)s. Une position minoritaire parle des idées, pas des personnes.")
        raise ValidationError(words % {"who": ", ".join(named)}, code="names")
    return title, body


def check_open(opinion: Opinion) -> None:
    if rules.is_open(opinion, timezone.localdate()):
        return
    last = rules.last_day(opinion)
    if last is not None and last < timezone.localdate():
        words = _("Les positions minoritaires étaient attendues jusqu’au %(day)s. Votre brouillon est gardé.")
        raise ValidationError(words % {"day": date_words(last)}, code="closed")
    raise ValidationError(_("Les positions minoritaires s’écrivent après l’adoption, avant la remise."), code="closed")


@transaction.atomic
def save(
    opinion: Opinion, *, title: str, body: str, by: User, position: MinorityPosition | None = None, version: int = 0
) -> MinorityPosition:
    """Keep a draft as it is written; what is submitted stays complete. EditConflict when another window saved it."""
    today = timezone.localdate()
    if position is None:
        if not rules.can_write(by, opinion, today):
            raise PermissionDenied
        return MinorityPosition.objects.create(opinion=opinion, author=by, title=title.strip(), body=body.strip())
    if not rules.can_edit(by, position, today):
        raise PermissionDenied
    if position.state == P.SUBMITTED:
        title, body = check_words(opinion, title, body, author=by)
    words = {"title": title.strip(), "body": body.strip()}
    DRAFT.save(position, words, version=version, state=position.state)
    if position.state == P.SUBMITTED:
        # Whoever signed other words signs again.
        position.cosigners.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        record("position.changed", position, by=by, dossier=opinion)
    return position


@transaction.atomic
def submit(position: MinorityPosition, *, by: User) -> None:
    """Annex it to the opinion: others may sign it from now on."""
    if not rules.is_author(by, position):
        raise PermissionDenied
    check_open(position.opinion)
    check_words(position.opinion, position.title, position.body, author=by)
    POSITION.move(position, "submit", submitted_at=timezone.now())
    record("position.submitted", position, by=by, dossier=position.opinion)


@transaction.atomic
def record_for(opinion: Opinion, author: User, *, via: str, title: str, body: str, by: User) -> MinorityPosition:
    """Key in what a member gave on paper or by telephone; the member is asked to confirm."""
    if not rules.can_record(by, opinion, timezone.localdate()):
        raise PermissionDenied
    if via == Via.ACCOUNT or not possible_authors(opinion.term_id).filter(pk=author.pk).exists():
        raise ValidationError(_("Choisissez un membre de l’assemblée."), code="author")
    title, body = check_words(opinion, title, body, author=author)
    facts: dict[str, Any] = {"state": P.SUBMITTED, "submitted_at": timezone.now(), "recorded_by": by, "via": Via(via)}
    position = MinorityPosition.objects.create(opinion=opinion, author=author, title=title, body=body, **facts)
    record("position.recorded", position, by=by, on_behalf_of=author.person, dossier=opinion, via=via)
    return position


@transaction.atomic
def confirm(position: MinorityPosition, *, by: User) -> None:
    if not rules.is_author(by, position):
        raise PermissionDenied
    rows = MinorityPosition.objects.filter(pk=position.pk, confirmed_at=None, state=P.SUBMITTED)
    if not rules.can_confirm(by, position) or not rows.update(confirmed_at=timezone.now()):
        raise StateConflict(position, "confirm")
    record("position.confirmed", position, by=by, dossier=position.opinion)


@transaction.atomic
def discard(position: MinorityPosition, *, by: User) -> None:
    """Throw a draft away: nobody else ever read it."""
    if not rules.is_author(by, position):
        raise PermissionDenied
    if not MinorityPosition.objects.filter(pk=position.pk, state=P.DRAFT).delete()[0]:
        raise StateConflict(position, "discard")


@transaction.atomic
def withdraw(position: MinorityPosition, *, by: User) -> None:
    """The author takes it back, before the opinion is handed over."""
    if not rules.is_author(by, position):
        raise PermissionDenied
    if not rules.can_withdraw(by, position):
        raise StateConflict(position, "withdraw")
    POSITION.move(position, "withdraw", withdrawn_at=timezone.now())
    record("position.withdrawn", position, by=by, dossier=position.opinion)


@transaction.atomic
def sign(position: MinorityPosition, *, by: User) -> None:
    """One click; signed twice, it is signed once."""
    ask_to_sign(position, by)
    rows = MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None)
    if not rows.exists():
        MinorityCosigner.objects.create(position=position, user=by, signed_at=timezone.now())
        record("position.signed", position, by=by, dossier=position.opinion)


@transaction.atomic
def unsign(position: MinorityPosition, *, by: User) -> None:
    ask_to_sign(position, by)
    rows = MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        record("position.unsigned", position, by=by, dossier=position.opinion)


def ask_to_sign(position: MinorityPosition, by: User) -> None:
    """Hold the position: its words do not change under a signature."""
    MinorityPosition.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=position.pk)
    position.refresh_from_db(fields=["state", "version"])
    if rules.can_sign(by, position, timezone.localdate()):
        return
    if not rules.is_other_member(by, position):
        raise PermissionDenied
    raise StateConflict(position, "sign")
