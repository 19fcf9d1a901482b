"""Actions that prepare a draw: begin it with quotas from the seats, freeze its list under pseudonyms, void it."""

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
from assembly.text.printable import check_text
from assembly.workflow import lock
from draws.candidates.workflow import CANDIDATE
from draws.draws.models import require_row
from draws.draws.queries.draw import FEATURE_LABELS, first_quotas, pool_bytes, pool_rows
from draws.draws.queries.records import TABLE_HEADER
from draws.draws.workflow import guards
from draws.draws.workflow.draw import DRAW
from draws.models import Call, Candidate, CandidateState, Contestation, Draw, FrozenPool, PoolEntry, QuotaVersion
from draws.succession.queries import renounced_entries, standing_entries
from members.sortition.instance import QuotaLine
from members.sortition.protocol import sha256
from members.sortition.reading import InputProblem, InvalidInput, canonical_quotas, csv_bytes, read_quotas

QUOTA_HEADER = ("feature", "value", "min", "max")


@transaction.atomic
def begin_draw(call: Call, *, by: User) -> Draw:
    """Begin the next draw of the call, with quotas from the seats of the term; only one is open at a time."""
    if not guards.can_prepare(by, call.term_id):
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
    """Return the reference of a draw, such as AC2-TIRAGE-1."""
    return prefixed(call.term, f"{call.term.code}-TIRAGE-{number}")


def prefixed(term: Term, reference: str) -> str:
    """Return the reference, with the name of the assembly in front unless it is the main one of the installation."""
    is_main = main_assembly_key().get()["pk"] == term.assembly_id
    return reference if is_main else f"{term.assembly.slug.upper()}-{reference}"[:40]


@DRAW.action("settle")
@transaction.atomic
def settle(draw: Draw, *, by: User, **values: Any) -> None:
    """Set place, date, days to contest, ceiling of the chances and number of alternates who are informed."""
    step = DRAW.require(draw, "settle", by=by)
    if draw.frozen_at and values["contest_days"] < draw.contest_days:
        raise ValidationError(_("La liste est figée : ce délai peut s’allonger, non se réduire."), code="contest_days")
    changed = sorted(name for name, value in values.items() if getattr(draw, name) != value)
    DRAW.take(draw, step, by=by, facts={"changed": changed}, **values)


@transaction.atomic
def set_quotas(
    draw: Draw, content: bytes, *, seats: int, decision: str, seen: int, by: User, remedy: str = ""
) -> QuotaVersion:
    """Create a version of the quotas with the decision behind it. `seen`: the number of the version that was read."""
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
    decision_text = check_text(decision).strip()
    if not decision_text:
        raise ValidationError(_("Écrivez la décision : elle entre dans le procès-verbal."), code="decision")
    DRAW.take(draw, step, by=by, facts={"version": current + 1, "sha256": sha256(canonical)})
    return _add_version(draw, canonical, seats=seats, decision=decision_text, remedy=remedy, by=by)


def problem_text(problem: InputProblem) -> str:
    """Return the sentence of the engine, with feature names as they stand on the screens."""
    sentence = problem.sentence
    for name, label in FEATURE_LABELS.items():
        sentence = sentence.replace(f"« {name} »", f"« {label} »")
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
    """Create the version of the quotas that a remedy proposes: a person decides it, never the program."""
    quotas = require_row(draw.quotas)
    changes = {(feature, value): (low, high) for feature, value, low, high in remedy["changes"]}
    lines = [
        QuotaLine(line.feature, line.value, *changes.get(line.cell, (line.minimum, line.maximum)))
        for line in read_quotas(bytes(quotas.content))
    ]
    return set_quotas(
        draw, quota_bytes(lines), seats=remedy["seats"], decision=decision, seen=seen, by=by, remedy=remedy["kind"]
    )


@DRAW.action("freeze")
@transaction.atomic
def freeze_list(draw: Draw, *, by: User) -> FrozenPool:
    """Freeze the volunteers of this moment under random pseudonyms, and set their states.

    The sealed table links pseudonyms to applications: its hash stays, its rows are deleted with the candidates.
    """
    # Locked before the guards, so that they check what is frozen: no candidate is added or changed from here on.
    lock(draw.volunteer_call)
    list(draw.volunteer_call.candidates.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    step = DRAW.require(draw, "freeze", by=by)
    quotas = require_row(draw.quotas)
    rows = pool_rows(draw.volunteer_call, read_quotas(bytes(quotas.content)))
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
        counts=application_counts(draw.volunteer_call),
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
    """Return V0001 and following, in a random order that nobody can guess: never a hash of a name."""
    width = max(4, len(str(count)))
    names = [f"V{number:0{width}}" for number in range(1, count + 1)]
    secrets.SystemRandom().shuffle(names)
    return names


def application_counts(call: Call) -> dict[str, dict[str, int]]:
    """Count applications by state, by ground of refusal and by reason of exclusion without examination."""
    rows = call.candidates
    return {
        name: dict(sorted(Counter(rows.exclude(**{column: ""}).values_list(column, flat=True)).items()))
        for name, column in (("states", "state"), ("grounds", "ground"), ("exclusions", "exclusion"))
    }


@DRAW.action("unfreeze")
@transaction.atomic
def unfreeze(draw: Draw, *, reason: str, by: User) -> None:
    """Cancel the frozen list before the announcement: candidates may be corrected, then the list is frozen again."""
    _lock_call(draw)
    step = DRAW.require(draw, "unfreeze", by=by)
    _release(draw)
    DRAW.take(draw, step, by=by, reason=reason)


def _lock_call(draw: Draw) -> None:
    """Lock the call before its draw: candidates that leave a list share the call (docs/locks.md)."""
    if draw.call:
        lock(draw.call)


def _release(draw: Draw) -> None:
    """Withdraw those who renounced meanwhile and make everybody else of the list eligible again."""
    if draw.is_internal:
        return
    renounced = [row.applicant for row in renounced_entries(draw)]
    rows = draw.volunteer_call.candidates.filter(state=CandidateState.IN_POOL)
    rows.update(state=CandidateState.ELIGIBLE, renounced_on=None, renounced_through="")
    for row in renounced:
        row.refresh_from_db()
        CANDIDATE.follow(row, "withdraw")


@DRAW.action("void")
@transaction.atomic
def void_draw(draw: Draw, *, reason: str, by: User) -> None:
    """End a draw without a result: it stays readable with its reason, and the next draw is another row."""
    _lock_call(draw)
    step = DRAW.require(draw, "void", by=by)
    _release(draw)
    DRAW.take(draw, step, by=by, reason=check_text(reason))


@DRAW.action("write")
@transaction.atomic
def write_to_volunteers(draw: Draw, *, by: User) -> int:
    """Send each volunteer a private link to pseudonym, attributes and, once announced, chances. Return how many."""
    step = DRAW.require(draw, "write", by=by)
    pool = require_row(draw.pool)
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
    recipients = distribution.deliveries.count()
    DRAW.take(draw, step, by=by, facts={"recipients": recipients})
    return recipients


@transaction.atomic
def record_file_download(draw: Draw, name: str, *, by: User) -> None:
    """Record who downloads the frozen list or the sealed table."""
    if not guards.can_see_names(by, draw):
        raise PermissionDenied
    record("draw.file_read", draw, by=by, file=name)


@transaction.atomic
def contest(entry: PoolEntry, text: str) -> Contestation:
    """Record what a volunteer contests, by the private link alone; one open at a time, until the period ends."""
    draw = lock(entry.pool.draw)
    ends_at = draw.contest_ends_at
    if draw.pool_id != entry.pool_id or draw.announced_at or ends_at is None or timezone.now() >= ends_at:
        raise ValidationError(_("Le délai pour contester est fini. Appelez la mission."), code="over")
    if entry.contestations.filter(answered_at=None).exists():
        raise ValidationError(_("Votre message est déjà chez nous : la mission vous répond."), code="waiting")
    contestation = Contestation.objects.create(entry=entry, text=check_text(text).strip())
    record("draw.contested", contestation, by=None, dossier=draw)
    return contestation


@transaction.atomic
def answer_contestation(contestation: Contestation, *, answer: str, by: User) -> None:
    """Answer a volunteer: the text stands on the volunteer’s own page. Correcting the list is another action."""
    draw = lock(contestation.entry.pool.draw)
    if not guards.can_prepare(by, draw.term_id):
        raise PermissionDenied
    lock(contestation)
    if contestation.answered_at:
        raise ValidationError(_("Cette contestation a déjà sa réponse."), code="answered")
    contestation.answer, contestation.answered_at, contestation.answered_by = check_text(answer), timezone.now(), by
    contestation.save(update_fields=["answer", "answered_at", "answered_by"])
    record("draw.contestation_answered", contestation, by=by, dossier=draw)
