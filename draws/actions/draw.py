"""Preparing a draw: begun with quotas from the seats, its list frozen under pseudonyms, announced or voided."""

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.queries import main_assembly_key
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.ui.printable import check_text
from assembly.workflow import lock
from draws.enums import CandidateState
from draws.models import Call, Candidate, Contestation, Draw, FrozenPool, PoolEntry, QuotaVersion
from draws.models.draw import promised_row
from draws.queries.files import TABLE_HEADER
from draws.queries.pool import FEATURE_WORDS, first_quotas, pool_bytes, pool_rows
from draws.queries.renunciation import renounced_entries, standing_entries
from draws.rules import draw as rules
from draws.workflows.candidates import CANDIDATE
from draws.workflows.draw import DRAW
from members.sortition.instance import QuotaLine
from members.sortition.protocol import sha256
from members.sortition.reading import InputProblem, InvalidInput, canonical_quotas, csv_bytes, read_quotas

QUOTA_HEADER = ("feature", "value", "min", "max")


@transaction.atomic
def begin_draw(call: Call, *, by: User) -> Draw:
    """The next draw of the call, with quotas from the seats of the term; one at a time."""
    if not rules.can_prepare(by, call.term_id):
        raise PermissionDenied
    lock(call)
    number = (call.draws.aggregate(last=Max("number"))["last"] or 0) + 1
    draw = Draw(call=call, number=number, reference=reference_of(call, number), prepared_by=by)
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
    except IntegrityError as refused:
        raise ValidationError(_("Un tirage est déjà en cours pour cet appel."), code="open") from refused
    record("draw.begun", draw, by=by, reference=draw.reference)
    content, seats = first_quotas(call.term)
    if seats:
        _add_version(draw, content, seats=seats, decision=_("Premiers quotas, d’après les sièges."), remedy="", by=by)
    return draw


def reference_of(call: Call, number: int) -> str:
    """AC2-TIRAGE-1."""
    return prefixed(call.term, f"{call.term.code}-TIRAGE-{number}")


def prefixed(term: Term, reference: str) -> str:
    """Any but the main assembly of the house puts its name before."""
    is_main = main_assembly_key().get()["pk"] == term.assembly_id
    return reference if is_main else f"{term.assembly.slug.upper()}-{reference}"[:40]


@transaction.atomic
def settle(draw: Draw, *, by: User, **values: Any) -> None:
    """Where, when, how long volunteers may contest, the ceiling of chances, how many alternates are told."""
    step = DRAW.require(draw, "settle", by=by)
    if draw.frozen_at and values["contest_days"] < draw.contest_days:
        raise ValidationError(_("La liste est figée : ce délai peut s’allonger, non se réduire."), code="contest_days")
    changed = sorted(name for name, value in values.items() if getattr(draw, name) != value)
    DRAW.take(draw, step, by=by, facts={"changed": changed}, **values)


@transaction.atomic
def set_quotas(
    draw: Draw, content: bytes, *, seats: int, decision: str, seen: int, by: User, remedy: str = ""
) -> QuotaVersion:
    """A new version of the quotas, with the decision that it follows; `seen`: the number of the one that was read."""
    step = DRAW.require(draw, "set_quotas", by=by)
    current = draw.quotas.number if draw.quotas else 0
    if current != seen:
        raise ValidationError(
            _("Une autre version des quotas a été écrite entre-temps : relisez-la d’abord."), code="changed"
        )
    try:
        canonical = canonical_quotas(content)
        read_quotas(canonical, seats)
    except InvalidInput as refused:
        raise ValidationError([problem_text(problem) for problem in refused.problems], code="quotas") from refused
    if draw.quotas and (sha256(canonical), seats) == (draw.quotas.sha256, draw.quotas.seats) and not remedy:
        raise ValidationError(_("Rien n’a changé dans ces quotas."), code="same")
    words = check_text(decision).strip()
    if not words:
        raise ValidationError(_("Écrivez la décision : elle entre dans le procès-verbal."), code="decision")
    DRAW.take(draw, step, by=by, facts={"version": current + 1, "sha256": sha256(canonical)})
    return _add_version(draw, canonical, seats=seats, decision=words, remedy=remedy, by=by)


def problem_text(problem: InputProblem) -> str:
    """The sentence of the engine, with the names of features as people read them."""
    sentence = problem.sentence
    for name, words in FEATURE_WORDS.items():
        sentence = sentence.replace(f"« {name} »", f"« {words} »")
    return sentence


def _add_version(draw: Draw, canonical: bytes, *, seats: int, decision: str, remedy: str, by: User) -> QuotaVersion:
    version = QuotaVersion.objects.create(
        draw=draw,
        number=(draw.quotas.number if draw.quotas else 0) + 1,
        seats=seats,
        content=canonical,
        sha256=sha256(canonical),
        decision=decision,
        remedy=remedy,
        created_by=by,
    )
    Draw.objects.filter(pk=draw.pk).update(quotas=version)
    draw.quotas = version
    return version


def quota_bytes(lines: Sequence[QuotaLine]) -> bytes:
    rows = [(line.feature, line.value, line.minimum, line.maximum) for line in lines]
    return csv_bytes(QUOTA_HEADER, rows)


def apply_remedy(draw: Draw, remedy: dict[str, Any], *, decision: str, seen: int, by: User) -> QuotaVersion:
    """The quotas as this remedy would have them, as a new version: a decision of a person, never of the machine."""
    quotas = promised_row(draw.quotas)
    changes = {(feature, value): (low, high) for feature, value, low, high in remedy["changes"]}
    lines = [
        QuotaLine(line.feature, line.value, *changes.get(line.cell, (line.minimum, line.maximum)))
        for line in read_quotas(bytes(quotas.content))
    ]
    return set_quotas(
        draw, quota_bytes(lines), seats=remedy["seats"], decision=decision, seen=seen, by=by, remedy=remedy["kind"]
    )


@transaction.atomic
def freeze_list(draw: Draw, *, by: User) -> FrozenPool:
    """Freeze the volunteers of this moment under pseudonyms drawn at random; their states say so.

    The sealed table leads from pseudonyms to applications: its hash is kept, its rows go with the candidates.
    """
    # Locked first, so that the guards judge what is frozen: no candidate comes nor changes from here on.
    lock(draw.of_call)
    list(draw.of_call.candidates.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    step = DRAW.require(draw, "freeze", by=by)
    quotas = promised_row(draw.quotas)
    rows = pool_rows(draw.of_call, read_quotas(bytes(quotas.content)))
    names = random_pseudonyms(len(rows))
    content = pool_bytes(rows, names)
    lines = sorted((name, row.candidate.reference) for name, row in zip(names, rows, strict=True))
    now = timezone.now()
    pool = FrozenPool.objects.create(
        draw=draw,
        version=draw.pools.count() + 1,
        quotas=quotas,
        content=content,
        sha256=sha256(content),
        table_sha256=sha256(csv_bytes(TABLE_HEADER, lines)),
        size=len(rows),
        counts=application_counts(draw.of_call),
        frozen_at=now,
    )
    PoolEntry.objects.bulk_create(
        [PoolEntry(pool=pool, pseudonym=name, candidate=row.candidate) for name, row in zip(names, rows, strict=True)]
    )
    Candidate.objects.filter(pk__in=[row.candidate.pk for row in rows]).update(state=CandidateState.IN_POOL)
    facts = {"version": pool.version, "pool": pool.sha256, "table": pool.table_sha256, "size": pool.size}
    DRAW.take(draw, step, by=by, facts=facts, pool=pool, frozen_at=now, frozen_by=by)
    return pool


def random_pseudonyms(count: int) -> list[str]:
    """V0001 and on, in an order that nobody can guess: never a hash of a name."""
    width = max(4, len(str(count)))
    names = [f"V{number:0{width}}" for number in range(1, count + 1)]
    secrets.SystemRandom().shuffle(names)
    return names


def application_counts(call: Call) -> dict[str, dict[str, int]]:
    """Applications registered, by state, and why others were refused, or left out unexamined."""
    rows = call.candidates
    return {
        name: dict(sorted(Counter(rows.exclude(**{column: ""}).values_list(column, flat=True)).items()))
        for name, column in (("states", "state"), ("grounds", "ground"), ("exclusions", "exclusion"))
    }


@transaction.atomic
def unfreeze(draw: Draw, *, reason: str, by: User) -> None:
    """Take the list back before the announcement: candidates may be corrected, then the list is frozen anew."""
    _lock_call(draw)
    step = DRAW.require(draw, "unfreeze", by=by)
    _release(draw)
    DRAW.take(draw, step, by=by, reason=reason)


def _lock_call(draw: Draw) -> None:
    """A call before a draw of it: candidates that leave a list share the call (docs/locks.md)."""
    if draw.call:
        lock(draw.call)


def _release(draw: Draw) -> None:
    """Whoever renounced meanwhile has withdrawn; everybody else is a candidate again."""
    if draw.is_internal:
        return
    renounced = [row.applicant for row in renounced_entries(draw)]
    rows = draw.of_call.candidates.filter(state=CandidateState.IN_POOL)
    rows.update(state=CandidateState.ELIGIBLE, renounced_on=None, renounced_through="")
    for row in renounced:
        row.refresh_from_db()
        CANDIDATE.follow(row, "withdraw")


@transaction.atomic
def void_draw(draw: Draw, *, reason: str, by: User) -> None:
    """End it without a result: it stays readable with its reason, and the next draw is another one."""
    _lock_call(draw)
    step = DRAW.require(draw, "void", by=by)
    _release(draw)
    DRAW.take(draw, step, by=by, reason=check_text(reason))


@transaction.atomic
def write_to_volunteers(draw: Draw, *, by: User) -> int:
    """One mail to each volunteer with a private link: own pseudonym, attributes and, once announced, chances."""
    step = DRAW.require(draw, "write", by=by)
    pool = promised_row(draw.pool)
    confirmed = Q(candidate__confirmed_email=F("candidate__email")) & ~Q(candidate__email="")
    entries = standing_entries(draw).filter(confirmed).values_list("pk", flat=True)
    stage = "chances" if draw.announced_at else "list"
    distribution = distribute(
        "draw-entry",
        draw,
        [Recipient(None, {"entry": pk}, mark=f"entry:{pk}") for pk in entries],
        by=by,
        title=_("Tirage %(reference)s : ce que la liste dit de chaque candidature") % {"reference": draw.reference},
        key=f"draw-entry:{pool.pk}:{stage}",
        term=draw.term,
    )
    told = distribution.deliveries.count()
    DRAW.take(draw, step, by=by, facts={"recipients": told})
    return told


@transaction.atomic
def note_file_read(draw: Draw, name: str, *, by: User) -> None:
    """Who takes the frozen list or the sealed table away is written down."""
    if not rules.can_see_names(by, draw):
        raise PermissionDenied
    record("draw.file_read", draw, by=by, file=name)


@transaction.atomic
def contest(entry: PoolEntry, words: str) -> Contestation:
    """A volunteer says what is wrong, with the private link alone; one at a time, until the period ends."""
    draw = lock(entry.pool.draw)
    ends_at = draw.contest_ends_at
    if draw.pool_id != entry.pool_id or draw.announced_at or ends_at is None or timezone.now() >= ends_at:
        raise ValidationError(_("Le délai pour contester est fini. Appelez la mission."), code="over")
    if entry.contestations.filter(answered_at=None).exists():
        raise ValidationError(_("Votre message est déjà chez nous : la mission vous répond."), code="waiting")
    found = Contestation.objects.create(entry=entry, words=check_text(words).strip())
    record("draw.contested", found, by=None, dossier=draw)
    return found


@transaction.atomic
def answer_contestation(contestation: Contestation, *, answer: str, by: User) -> None:
    """Answer a volunteer: the words stand on the volunteer’s own page. Correcting the list is another act."""
    draw = lock(contestation.entry.pool.draw)
    if not rules.can_prepare(by, draw.term_id):
        raise PermissionDenied
    lock(contestation)
    if contestation.answered_at:
        raise ValidationError(_("Cette contestation a déjà sa réponse."), code="answered")
    contestation.answer, contestation.answered_at, contestation.answered_by = check_text(answer), timezone.now(), by
    contestation.save(update_fields=["answer", "answered_at", "answered_by"])
    record("draw.contestation_answered", contestation, by=by, dossier=draw)
