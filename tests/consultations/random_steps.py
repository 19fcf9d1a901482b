"""People and rows of the random steps, what each act does and, written apart from the code, who may when."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution.models import Directorate, Role
from assembly.web.errors import EditConflict
from consultations.briefing import actions as briefing
from consultations.hearings import actions as hearings
from consultations.hearings.models import HearingState
from consultations.hearings.workflow import HEARING
from consultations.models import AdmissibilityCheck, BriefingPack, Delegation, DirectorateReview, Hearing, Referral
from consultations.referrals import actions
from consultations.referrals.enums import CouncilStance, ReferralState
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews.actions import answering, asking as reviews, thread
from consultations.reviews.models import Competence, ReviewState
from consultations.self_referrals import actions as self_referrals
from sessions.models import Sitting
from tests.consultations.desk import GRID, agent, in_days
from tests.factories.documents import UploadFactory
from tests.factories.institution import CommitteeFactory, DirectorateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory

S, R, H = ReferralState, ReviewState, HearingState
PAPER = "https://example.org/"
CODES = ("a", "b", "c")
AGENTS = tuple(f"{role}_{code}" for code in CODES for role in ("contact", "approver"))
TEAM = frozenset({"lead", "officer"})
ROLES = (
    *("lead", "officer", "facilitator", "member", "president", "sponsor", "dpo", "archivist", "stranger"),
    *("lead@elsewhere", "president@elsewhere"),
    *AGENTS,
)
ENDED = frozenset({S.CLOSED, S.WITHDRAWN, S.MERGED, S.REJECTED, S.INADMISSIBLE})
STOPPABLE = (
    *(S.DRAFT, S.INTERNAL_REVIEW, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS),
    *(S.SUGGESTED, S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.ADOPTED),
)
SKETCH = frozenset({S.DRAFT, S.SUGGESTED})


class World:
    """One assembly with three directorates, one of another assembly; made once, each sequence is rolled back to it."""

    def __init__(self, people: Any) -> None:
        self.term = people.term
        self.places = {code: DirectorateFactory(assembly=people.assembly, code=code) for code in CODES}
        self.pks = {who: people[who].pk for who in ROLES[:9]}
        self.pks |= {f"{role}@elsewhere": people.elsewhere(role).pk for role in ("lead", "president")}
        for code, place in self.places.items():
            self.pks[f"contact_{code}"] = agent(place).pk
            self.pks[f"approver_{code}"] = agent(place, Role.DIR_APPROVER).pk
        self.letter = UploadFactory()
        self.item = AgendaItemFactory(sitting__term=self.term, sitting__held=True)
        self.coming = self.sitting_to_come()
        self.committees = [CommitteeFactory(term=self.term) for _ in range(2)]

    def sitting_to_come(self) -> Sitting:
        return SittingFactory(term=self.term, notified=True, officer=self.user("officer"))

    def user(self, who: str) -> User:
        """Read anew, as a request does."""
        return User.objects.select_related("person").get(pk=self.pks[who])

    def place(self, pick: int) -> Directorate:
        return Directorate.objects.get(pk=self.places[CODES[pick % len(CODES)]].pk)

    def code_of(self, review: DirectorateReview) -> str:
        return next(code for code, place in self.places.items() if place.pk == review.directorate_id)


def fresh(row: Any) -> Any:
    """Return the row from the database."""
    related = {
        Referral: ["term__assembly"],
        DirectorateReview: ["referral__term__assembly", "directorate"],
        Hearing: ["referral__term__assembly"],
    }
    return type(row).objects.select_related(*related[type(row)]).get(pk=row.pk)


@dataclass(frozen=True)
class Act:
    """`run(world, row, user, pick)`; `roles` and `states` say who may and when; `may_fail`: other good reasons."""

    run: Callable[[World, Any, User, int], Any]
    roles: Callable[[World, Any], Iterable[str]]
    states: frozenset[str]
    journal: str
    may_fail: frozenset[str] = frozenset()
    follow: frozenset[str] = frozenset()
    guard: Callable[[World, Any], bool] = field(default=lambda world, row: True)
    target: str = ""
    idle: bool = False

    def who_may(self, world: World, row: Any) -> set[str]:
        """Return the roles that may take this step on the row now."""
        return set(self.roles(world, row)) if row.state in self.states and self.guard(world, row) else set()

    def allowed(self, world: World, row: Any, who: str) -> bool:
        return who in self.who_may(world, row)


def only(*roles: str) -> Callable[[World, Any], Iterable[str]]:
    return lambda world, row: roles


team = only(*TEAM)
NAMED, ASKED, CLOSED = "referral.directorate_named", "review.asked", "review.closed"
MAILED = "distribution.requested"


# --- referrals ---------------------------------------------------------------------------------------------------


def moves(*sources: str, to: str) -> dict[str, Any]:
    """Return the source states and the target as arguments of a step."""
    return {"states": frozenset(sources), "target": to}


def step(step_name: str, **words: str) -> Callable[[World, Any, User, int], Any]:
    """Return an action that takes this step, with constant arguments only."""
    return lambda world, row, by, pick: REFERRAL.transition(row, step_name, by=by, **words)


def another(row: Referral, pick: int) -> Referral:
    """Return any referral, itself included: merging into itself must be refused."""
    rows = list(Referral.objects.select_related("term").order_by("pk"))
    return rows[pick % len(rows)]


def record_paper(world: World, row: Referral, by: User, pick: int) -> None:
    due, day = in_days(21), timezone.localdate()
    actions.record_paper(row, upload=world.letter, letter_on=day, reviews_due_on=due, by=by)


def edit(world: World, row: Referral, by: User, pick: int) -> None:
    version = row.version if pick % 5 else row.version + 1
    changes = {"due_on": in_days(200 + pick)}
    with suppress(EditConflict):
        actions.edit(row, version=version, by=by, **changes)


def ask(world: World, row: Referral, by: User, pick: int) -> None:
    places = [world.place(pick), world.place(pick // 3)]
    reviews.ask(row, places, due_on=in_days(pick % 30), by=by)


def issue(world: World, row: Referral, by: User, pick: int) -> None:
    actions.issue(row, reviews_due_on=in_days(21), by=by)


STOPS = frozenset({CLOSED, NAMED, "referral.merged"})
CHECKS = {"follow": frozenset({NAMED, ASKED}), "may_fail": frozenset({"directorate"})}
ISSUES = moves(S.INTERNAL_REVIEW, to=S.ISSUED) | {
    "follow": frozenset({NAMED, ASKED}),
    "may_fail": frozenset({"question", "deliverable", "due_on", "lead"}),
}
REFERRAL_ACTS = {
    "submit": Act(step("submit"), team, journal="referral.submitted", **moves(S.DRAFT, to=S.INTERNAL_REVIEW)),
    "return": Act(
        step("return", reason="Le calendrier."),
        only("president", *TEAM),
        journal="referral.returned",
        **moves(S.INTERNAL_REVIEW, to=S.DRAFT),
    ),
    "issue": Act(issue, only("president"), journal="referral.issued", **ISSUES),
    "paper": Act(record_paper, team, journal="referral.paper_recorded", **ISSUES),
    "accept": Act(
        lambda w, row, by, n: actions.accept(row, w.item, by=by),
        team,
        journal="referral.accepted",
        **moves(S.ISSUED, to=S.ACCEPTED),
    ),
    "start": Act(step("start"), team, journal="referral.started", **moves(S.ACCEPTED, S.ADOPTED, to=S.IN_PROGRESS)),
    "adopt_opinion": Act(
        step("adopt_opinion"),
        team,
        journal="referral.opinion_adopted",
        **moves(S.IN_PROGRESS, to=S.OPINION_ADOPTED),
    ),
    "hand_over": Act(
        step("hand_over"),
        team,
        journal="referral.handed_over",
        **moves(S.OPINION_ADOPTED, to=S.HANDED_OVER),
    ),
    "answer": Act(
        lambda w, row, by, n: actions.record_answer(row, on=timezone.localdate(), upload=w.letter, by=by),
        only("lead"),
        journal="referral.answered",
        **moves(S.HANDED_OVER, to=S.ANSWERED),
    ),
    "close": Act(
        lambda w, row, by, n: actions.close(row, reason="Tout est dit.", by=by),
        only("lead"),
        journal="referral.closed",
        follow=STOPS,
        **moves(S.ANSWERED, to=S.CLOSED),
    ),
    "reopen": Act(
        step("reopen", reason="Une suite."),
        only("lead"),
        journal="referral.reopened",
        **moves(S.CLOSED, to=S.ANSWERED),
    ),
    "withdraw": Act(
        lambda w, row, by, n: actions.withdraw(row, reason="Le schéma est voté.", by=by),
        team,
        journal="referral.withdrawn",
        follow=STOPS,
        **moves(*STOPPABLE, to=S.WITHDRAWN),
    ),
    "merge": Act(
        lambda w, row, by, n: actions.merge(row, another(row, n), reason="Le même sujet.", by=by),
        team,
        journal="referral.merged",
        follow=STOPS,
        may_fail=frozenset({"itself", "refused"}),
        **moves(*STOPPABLE, to=S.MERGED),
    ),
}


# --- self-referrals ----------------------------------------------------------------------------------------------


def rewrite(world: World, row: Referral, by: User, pick: int) -> None:
    """Correct the text as its author; one in five pages is outdated."""
    words = {"title": f"L’eau {pick}", "why": "Elle manque.", "powers_link": "Les rivières."}
    self_referrals.change(row, version=row.version + (pick % 5 == 1), by=by, **words)


def check(world: World, row: Referral, by: User, pick: int) -> None:
    self_referrals.open_check(row, [world.place(pick), world.place(pick + 1)], due_on=in_days(21), by=by)


def decide(power: Competence) -> Callable[[World, Referral, User, int], Any]:
    return lambda w, row, by, n: self_referrals.decide_admissibility(
        row, within_powers=power, is_fair=True, reasons="Voici.", by=by
    )


def record_view(world: World, row: Referral, by: User, pick: int) -> None:
    facts = {"stance": CouncilStance.FAVOURABLE, "reasons": "Un sujet utile.", "given_on": timezone.localdate()}
    self_referrals.record_view(row, upload=world.letter, by=by, **facts)


def give_view(world: World, row: Referral, by: User, pick: int) -> None:
    self_referrals.give_view(row, stance=CouncilStance.WITH_REMARKS, reasons="À préciser.", by=by)


def is_admissible(world: World, row: Referral) -> bool:
    found = AdmissibilityCheck.objects.filter(referral=row).first()
    return found is not None and found.within_powers != Competence.NO and found.is_fair


VIEW = {
    "journal": "suggestion.view_recorded",
    **moves(S.ADMISSIBILITY_CHECK, to=S.COUNCIL_VIEW_GIVEN),
    "guard": is_admissible,
}
OWN_ACTS = {
    "shortlist": Act(
        lambda w, row, by, n: self_referrals.shortlist(row, by=by),
        team,
        journal="suggestion.shortlisted",
        **moves(S.SUGGESTED, to=S.SHORTLISTED),
    ),
    "unlist": Act(
        lambda w, row, by, n: self_referrals.unlist(row, reason="Trop tôt.", by=by),
        team,
        journal="suggestion.unlisted",
        follow=STOPS,
        **moves(S.SHORTLISTED, to=S.SUGGESTED),
    ),
    "check": Act(
        check, team, journal="suggestion.check_opened", **CHECKS, **moves(S.SHORTLISTED, to=S.ADMISSIBILITY_CHECK)
    ),
    "admit": Act(
        decide(Competence.YES),
        team,
        frozenset({S.ADMISSIBILITY_CHECK}),
        "suggestion.found_admissible",
        follow=STOPS,
    ),
    "find_inadmissible": Act(
        decide(Competence.NO),
        team,
        journal="suggestion.inadmissible",
        follow=STOPS,
        **moves(S.ADMISSIBILITY_CHECK, to=S.INADMISSIBLE),
    ),
    "check_again": Act(
        step("check_again", reason="La loi a changé."),
        only("lead"),
        journal="suggestion.check_reopened",
        **moves(S.INADMISSIBLE, to=S.ADMISSIBILITY_CHECK),
    ),
    "record_view": Act(record_view, team, **VIEW),
    "give_view": Act(give_view, only("president"), **VIEW),
    "put_to_vote": Act(
        lambda w, row, by, n: self_referrals.put_to_vote(row, w.coming, by=by),
        team,
        journal="suggestion.put_to_vote",
        follow=frozenset({"agenda.item_added", "ballot.prepared"}),
        **moves(S.COUNCIL_VIEW_GIVEN, to=S.PUT_TO_VOTE),
    ),
    "take_off": Act(
        lambda w, row, by, n: self_referrals.take_off_agenda(row, reason="Une autre séance.", by=by),
        team,
        journal="suggestion.taken_off",
        follow=frozenset({"agenda.item_removed", "ballot.cancelled"}),
        **moves(S.PUT_TO_VOTE, to=S.COUNCIL_VIEW_GIVEN),
    ),
    "take_back": Act(
        step("take_back"),
        only("member"),
        frozenset({S.SUGGESTED}),
        "suggestion.taken_back",
        target=S.WITHDRAWN,
    ),
    "rewrite": Act(
        rewrite,
        only("member"),
        frozenset({S.SUGGESTED}),
        "suggestion.changed",
        idle=True,
        may_fail=frozenset({"overtaken"}),
    ),
    "put_dots": Act(
        lambda w, row, by, n: self_referrals.put_dots(row, n % 5, by=by),
        only("member"),
        frozenset({S.SUGGESTED}),
        "suggestion.supported",
        may_fail=frozenset({"subject", "dots"}),
        idle=True,
    ),
}
WRITTEN = frozenset(S) - ENDED - {S.SUGGESTED}
RUNNING = frozenset(S) - ENDED - SKETCH
ASIDE_ACTS = {
    "edit": Act(edit, team, WRITTEN, "referral.changed", idle=True),
    "publish": Act(
        step("publish"),
        team,
        frozenset(S),
        "referral.published",
        guard=lambda w, row: row.published_at is None and is_public_matter(row),
    ),
    "unpublish": Act(
        step("unpublish", reason="Une erreur."),
        team,
        frozenset(S),
        "referral.unpublished",
        guard=lambda w, row: row.published_at is not None,
    ),
    "pass_to": Act(
        lambda w, row, by, n: actions.pass_to(row, w.user(ROLES[n % 3]), by=by),
        team,
        frozenset(S) - ENDED,
        "referral.handed_to_officer",
        may_fail=frozenset({"officer"}),
        idle=True,
    ),
    "assign": Act(
        lambda w, row, by, n: actions.assign_committee(row, w.committees[n % 2], mandate_statement="Dire.", by=by),
        team,
        RUNNING,
        "referral.committee_assigned",
        idle=True,
    ),
    "ask": Act(
        ask, team, RUNNING, ASKED, follow=frozenset({NAMED, ASKED}), may_fail=frozenset({"directorate"}), idle=True
    ),
    "announce": Act(
        lambda w, row, by, n: actions.put_on_agenda(row, w.coming, by=by),
        team,
        frozenset({S.ISSUED}),
        "agenda.item_added",
        idle=True,
    ),
    "plan": Act(
        lambda w, row, by, n: hearings.plan(row, title=f"Audition {n}", starts_at=in_hours(n - 20), by=by),
        team,
        WRITTEN,
        "hearing.planned",
    ),
    "add_paper": Act(
        lambda w, row, by, n: briefing.add(
            row, title=f"Étude {n}", source="Insee", link="https://example.org/", by=by
        ),
        team,
        WRITTEN,
        "briefing.document_added",
    ),
    "open_pack": Act(
        lambda w, row, by, n: briefing.release(row, by=by),
        team,
        frozenset(S) - ENDED,
        "briefing.released",
        may_fail=frozenset({"empty"}),
        follow=frozenset({"distribution.requested"}),
        guard=lambda w, row: (
            reaches_members(row) and not BriefingPack.objects.filter(referral=row).exclude(released_at=None)
        ),
    ),
    "post": Act(
        lambda w, row, by, n: thread.post(row, f"Une question {n}.", by=by),
        lambda w, row: [*TEAM, *(who for who in AGENTS if is_named(w, row, who) and row.state not in SKETCH)],
        frozenset(S) - ENDED,
        "thread.posted",
    ),
}
WORKED = frozenset({S.IN_PROGRESS, S.OPINION_ADOPTED, S.HANDED_OVER, S.ANSWERED, S.CLOSED})


def is_named(world: World, row: Referral, who: str) -> bool:
    """Return whether the agent's directorate is named, or one that was closed into it."""
    place = Directorate.objects.get(pk=world.places[who[-1]].pk)
    chain = {place.pk}
    while more := set(Directorate.objects.filter(successor__in=chain).values_list("pk", flat=True)) - chain:
        chain |= more
    return row.directorates.filter(directorate__in=chain).exists()


def is_public_matter(row: Referral) -> bool:
    """Return whether the row was issued, or taken up by the assembly."""
    return row.issued_at is not None or (
        row.is_self_referral and row.state in {S.PUT_TO_VOTE, S.ADOPTED, S.REJECTED, *WORKED}
    )


def is_open(row: Referral) -> bool:
    return BriefingPack.objects.filter(referral=row).exclude(released_at=None).exists()


def reaches_members(row: Referral) -> bool:
    """Return whether members see the question: issued by the president, or put to their vote."""
    if row.is_self_referral:
        return row.state in {S.PUT_TO_VOTE, S.ADOPTED, *WORKED}
    return row.issued_at is not None


# --- hearings ----------------------------------------------------------------------------------------------------


def in_hours(hours: int) -> Any:
    return timezone.now() + timedelta(hours=hours)


def briefed(world: World, row: Hearing) -> bool:
    return row.referral.state in WRITTEN


HEARING_ACTS = {
    "hold": Act(
        lambda w, row, by, n: HEARING.transition(row, "hold", by=by),
        team,
        frozenset({H.PLANNED}),
        "hearing.held",
        guard=lambda w, row: briefed(w, row) and row.starts_at <= timezone.now(),
        target=H.HELD,
    ),
    "cancel": Act(
        lambda w, row, by, n: HEARING.transition(row, "cancel", reason="La personne est malade.", by=by),
        team,
        frozenset({H.PLANNED}),
        "hearing.cancelled",
        guard=briefed,
        target=H.CANCELLED,
    ),
    "plan_again": Act(
        lambda w, row, by, n: HEARING.transition(row, "plan_again", by=by),
        team,
        frozenset({H.CANCELLED}),
        "hearing.planned_again",
        guard=briefed,
        target=H.PLANNED,
    ),
    "change": Act(
        lambda w, row, by, n: hearings.change(row, place=f"Salle {n}", by=by),
        team,
        frozenset({H.PLANNED, H.HELD}),
        "hearing.changed",
        guard=briefed,
        idle=True,
    ),
    "add_guest": Act(
        lambda w, row, by, n: hearings.add_guest(row, name=f"Experte {n}", capacity="gériatre", by=by),
        team,
        frozenset({H.PLANNED, H.HELD}),
        "hearing.guest_added",
        guard=briefed,
        idle=True,
    ),
}


# --- reviews -----------------------------------------------------------------------------------------------------


def agents(world: World, row: DirectorateReview) -> list[str]:
    code = world.code_of(row)
    return [f"contact_{code}", f"approver_{code}"]


def givers(world: World, row: DirectorateReview) -> list[str]:
    """Return the approver, and the contact while a delegation runs."""
    code, today = world.code_of(row), timezone.localdate()
    holds = Delegation.objects.filter(
        directorate=row.directorate_id, holder=world.pks[f"contact_{code}"], ended_at=None, ends_on__gte=today
    )
    return [f"approver_{code}", *([f"contact_{code}"] if holds.exists() else [])]


def save(world: World, row: DirectorateReview, by: User, pick: int) -> None:
    """Save a complete answer, or one without its opinion; one in seven pages is outdated."""
    words = GRID | {"summary": f"Avis {pick} de {by.pk}.", "competence": "" if pick % 5 == 1 else "yes"}
    answering.save(row, words, version=row.version + (pick % 7 == 3), by=by)


WRITING = (R.ASKED, R.DRAFTED, R.RETURNED, R.SUPPLEMENT)
OPEN = (*WRITING, R.SUBMITTED)


def runs(world: World, row: DirectorateReview) -> bool:
    return row.referral.state not in ENDED


LATER = {"guard": runs, "follow": frozenset({NAMED}), "may_fail": frozenset({"asked", "directorate"})}
REVIEW_ACTS = {
    "ask_supplement": Act(
        lambda w, row, by, n: reviews.ask_supplement(row, reason="Le coût.", due_on=in_days(9), by=by),
        team,
        journal="review.supplement_asked",
        **LATER | {"follow": frozenset({NAMED, MAILED})},
        **moves(R.VALIDATED, to=R.SUPPLEMENT),
    ),
    "ask_again": Act(
        lambda w, row, by, n: reviews.ask_again(row, due_on=in_days(9), by=by),
        team,
        journal="review.asked_again",
        **LATER,
        **moves(R.DECLINED, R.CLOSED, to=R.ASKED),
    ),
    "close": Act(
        lambda w, row, by, n: reviews.close(row, reason="Plus utile.", by=by),
        team,
        journal=CLOSED,
        **moves(*OPEN, to=R.CLOSED),
    ),
    "remind": Act(
        lambda w, row, by, n: reviews.remind(row, by=by),
        team,
        frozenset(OPEN),
        "review.reminded",
        may_fail=frozenset({"reminded"}),
    ),
    "change_due": Act(
        lambda w, row, by, n: reviews.change_due(row, in_days(n), reason="L’été.", by=by),
        team,
        frozenset(OPEN),
        "review.due_changed",
    ),
    "save": Act(save, agents, frozenset(WRITING), "review.saved", idle=True, may_fail=frozenset({"overtaken"})),
    "submit": Act(
        lambda w, row, by, n: answering.submit(row, version=row.version, by=by),
        agents,
        journal="review.submitted",
        follow=frozenset({MAILED}),
        may_fail=frozenset({"summary", "competence", "feasibility"}),
        **moves(R.DRAFTED, R.RETURNED, R.SUPPLEMENT, to=R.SUBMITTED),
    ),
    "validate": Act(
        lambda w, row, by, n: answering.validate(row, version=row.version, by=by),
        givers,
        journal="review.validated",
        **moves(R.SUBMITTED, to=R.VALIDATED),
    ),
    "return": Act(
        lambda w, row, by, n: answering.send_back(row, reason="Le coût manque.", by=by),
        givers,
        journal="review.returned",
        follow=frozenset({MAILED}),
        **moves(R.SUBMITTED, to=R.RETURNED),
    ),
    "decline": Act(
        lambda w, row, by, n: answering.decline(row, reason="Ce n’est pas à nous.", by=by),
        agents,
        journal="review.declined",
        **moves(*WRITING, to=R.DECLINED),
    ),
    "pass_on": Act(
        lambda w, row, by, n: answering.pass_on(row, w.place(n), reason="C’est à eux.", by=by),
        agents,
        journal="review.passed_on",
        follow=frozenset({NAMED}),
        may_fail=frozenset({"asked", "directorate"}),
        **moves(R.ASKED, R.DRAFTED, R.RETURNED, to=R.PASSED_ON),
    ),
}


# --- what the database holds ---------------------------------------------------------------------------------------

OURS = re.compile(
    r"audit_entry|consultations_|documents_rendition|institution_(dir|num)|notifications_|sittings_(agenda|ballot)"
)


@cache
def fingerprints() -> str:
    """Return the SQL that reads every table where these actions may write."""
    tables = sorted(filter(OURS.match, connection.introspection.table_names()))
    return " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608 -- our own tables
        for table in tables
    )


def digest() -> dict[str, str]:
    """Return a digest of all rows of each table; the plan is prepared, since planning costs more than reading."""
    connection.ensure_connection()
    return dict(connection.connection.execute(fingerprints(), prepare=True).fetchall())


def changed(before: dict[str, str]) -> set[str]:
    after = digest()
    return {table for table in after if after[table] != before[table]}


def journal_since(last: int) -> list[Entry]:
    return list(Entry.objects.filter(pk__gt=last).order_by("pk"))


def last_line() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
