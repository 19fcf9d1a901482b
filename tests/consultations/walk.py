"""Who is on stage in the random walks, what each act does, and — written apart from the code — who may do it when."""

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
from assembly.institution.enums import Role
from assembly.institution.models import Directorate
from assembly.ui.errors import EditConflict
from consultations.actions import (
    answers,
    briefing,
    briefing_release,
    committees,
    ending,
    hearings,
    issuing,
    reviews,
    self_referral_vote,
    self_referrals,
    supports,
    thread,
)
from consultations.actions import referrals as actions
from consultations.enums import Competence, CouncilStance, HearingState, ReferralOrigin, ReferralState, ReviewState
from consultations.models import AdmissibilityCheck, BriefingPack, Delegation, DirectorateReview, Hearing, Referral
from consultations.models.review import OPEN_STATES, WRITING_STATES
from consultations.workflows.hearings import HEARING
from consultations.workflows.referrals import machine
from consultations.workflows.reviews import REVIEW
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
SKETCH = frozenset({S.DRAFT, S.SUGGESTED})


class World:
    """One assembly with three directorates, one of another assembly; made once, each walk is rolled back to it."""

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
        self.coming = SittingFactory(term=self.term, notified=True, officer=people["officer"])
        self.committees = [CommitteeFactory(term=self.term) for _ in range(2)]

    def user(self, who: str) -> User:
        """Read anew, as a request does."""
        return User.objects.select_related("person").get(pk=self.pks[who])

    def place(self, pick: int) -> Directorate:
        return Directorate.objects.get(pk=self.places[CODES[pick % len(CODES)]].pk)

    def code_of(self, review: DirectorateReview) -> str:
        return next(code for code, place in self.places.items() if place.pk == review.directorate_id)


def fresh(row: Any) -> Any:
    """The row as the database has it."""
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
        """Roles that this act is open to, on this row as it is."""
        return set(self.roles(world, row)) if row.state in self.states and self.guard(world, row) else set()

    def allowed(self, world: World, row: Any, who: str) -> bool:
        return who in self.who_may(world, row)


def only(*roles: str) -> Callable[[World, Any], Iterable[str]]:
    return lambda world, row: roles


team = only(*TEAM)
NAMED, ASKED, CLOSED = "referral.directorate_named", "review.asked", "review.closed"


# --- referrals ---------------------------------------------------------------------------------------------------


def on_verb(verb: str) -> dict[str, Any]:
    """The states from which the tables of both origins leave by this verb."""
    states = frozenset(
        state for origin in ReferralOrigin for state in S if verb in machine(Referral(origin=origin)).verbs_from(state)
    )
    return {"states": states, "guard": lambda world, row: verb in machine(row).verbs_from(row.state), "target": verb}


def another(row: Referral, pick: int) -> Referral:
    """Some referral, itself included: merging into itself must be refused."""
    rows = list(Referral.objects.select_related("term").order_by("pk"))
    return rows[pick % len(rows)]


def record_paper(world: World, row: Referral, by: User, pick: int) -> None:
    due, day = in_days(21), timezone.localdate()
    issuing.record_paper(row, upload=world.letter, letter_on=day, reviews_due_on=due, by=by)


def edit(world: World, row: Referral, by: User, pick: int) -> None:
    version = row.version if pick % 5 else row.version + 1
    changes = {"due_on": in_days(200 + pick)}
    with suppress(EditConflict):
        actions.edit(row, version=version, by=by, **changes)


def ask(world: World, row: Referral, by: User, pick: int) -> None:
    places = [world.place(pick), world.place(pick // 3)]
    reviews.ask(row, places, due_on=in_days(pick % 30), by=by)


def issue(world: World, row: Referral, by: User, pick: int) -> None:
    issuing.issue(row, reviews_due_on=in_days(21), by=by)


STOPS = frozenset({CLOSED, NAMED, "referral.merged"})
CHECKS = {"follow": frozenset({NAMED, ASKED}), "may_fail": frozenset({"directorate"})}
ISSUES = {"follow": frozenset({NAMED, ASKED}), "may_fail": frozenset({"incomplete"})}
REFERRAL_ACTS = {
    "submit": Act(
        lambda w, row, by, n: actions.submit(row, by=by), team, journal="referral.submitted", **on_verb("submit")
    ),
    "return": Act(
        lambda w, row, by, n: actions.give_back(row, reason="Le calendrier.", by=by),
        only("president", *TEAM),
        journal="referral.returned",
        **on_verb("return"),
    ),
    "issue": Act(issue, only("president"), journal="referral.issued", **ISSUES, **on_verb("issue")),
    "paper": Act(record_paper, team, journal="referral.paper_recorded", **ISSUES, **on_verb("issue")),
    "accept": Act(
        lambda w, row, by, n: issuing.accept(row, w.item, by=by),
        team,
        journal="referral.accepted",
        **on_verb("accept"),
    ),
    "start": Act(
        lambda w, row, by, n: actions.start(row, by=by), team, journal="referral.started", **on_verb("start")
    ),
    "adopt_opinion": Act(
        lambda w, row, by, n: actions.adopt_opinion(row, by=by),
        team,
        journal="referral.opinion_adopted",
        **on_verb("adopt_opinion"),
    ),
    "hand_over": Act(
        lambda w, row, by, n: actions.hand_over(row, by=by),
        team,
        journal="referral.handed_over",
        **on_verb("hand_over"),
    ),
    "answer": Act(
        lambda w, row, by, n: actions.answer(row, by=by), team, journal="referral.answered", **on_verb("answer")
    ),
    "close": Act(
        lambda w, row, by, n: actions.close(row, reason="Tout est dit.", by=by),
        only("lead"),
        journal="referral.closed",
        follow=STOPS,
        **on_verb("close"),
    ),
    "reopen": Act(
        lambda w, row, by, n: actions.reopen(row, reason="Une suite.", by=by),
        only("lead"),
        journal="referral.reopened",
        **on_verb("reopen"),
    ),
    "withdraw": Act(
        lambda w, row, by, n: ending.withdraw(row, reason="Le schéma est voté.", by=by),
        team,
        journal="referral.withdrawn",
        follow=STOPS,
        **on_verb("withdraw"),
    ),
    "merge": Act(
        lambda w, row, by, n: ending.merge(row, another(row, n), reason="Le même sujet.", by=by),
        team,
        journal="referral.merged",
        follow=STOPS,
        may_fail=frozenset({"itself", "refused"}),
        **on_verb("merge"),
    ),
}


# --- self-referrals ----------------------------------------------------------------------------------------------


def rewrite(world: World, row: Referral, by: User, pick: int) -> None:
    """The author corrects their words, on a page that somebody overtook once in five."""
    words = {"title": f"L’eau {pick}", "why": "Elle manque.", "powers_link": "Les rivières."}
    self_referrals.change(row, version=row.version + (pick % 5 == 1), by=by, **words)


def check(world: World, row: Referral, by: User, pick: int) -> None:
    self_referrals.open_check(row, [world.place(pick), world.place(pick + 1)], due_on=in_days(21), by=by)


def decide(power: Competence) -> Callable[[World, Referral, User, int], Any]:
    return lambda w, row, by, n: self_referrals.decide(row, within_powers=power, is_fair=True, reasons="Voici.", by=by)


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
    **on_verb("record_view"),
    "guard": lambda w, row: row.state == S.ADMISSIBILITY_CHECK and is_admissible(w, row),
}
OWN_ACTS = {
    "shortlist": Act(
        lambda w, row, by, n: self_referrals.shortlist(row, by=by),
        team,
        journal="suggestion.shortlisted",
        **on_verb("shortlist"),
    ),
    "unlist": Act(
        lambda w, row, by, n: self_referrals.unlist(row, reason="Trop tôt.", by=by),
        team,
        journal="suggestion.unlisted",
        follow=STOPS,
        **on_verb("unlist"),
    ),
    "check": Act(check, team, journal="suggestion.check_opened", **CHECKS, **on_verb("check")),
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
        **on_verb("declare_inadmissible"),
    ),
    "check_again": Act(
        lambda w, row, by, n: self_referrals.check_again(row, reason="La loi a changé.", by=by),
        only("lead"),
        journal="suggestion.check_reopened",
        **on_verb("check_again"),
    ),
    "record_view": Act(record_view, team, **VIEW),
    "give_view": Act(give_view, only("president"), **VIEW),
    "put_to_vote": Act(
        lambda w, row, by, n: self_referral_vote.put_to_vote(row, w.coming, by=by),
        team,
        journal="suggestion.put_to_vote",
        follow=frozenset({"agenda.item_added", "ballot.prepared"}),
        **on_verb("put_to_vote"),
    ),
    "take_off": Act(
        lambda w, row, by, n: self_referral_vote.take_off(row, reason="Une autre séance.", by=by),
        team,
        journal="suggestion.taken_off",
        follow=frozenset({"agenda.item_removed", "ballot.cancelled"}),
        **on_verb("take_off_agenda"),
    ),
    "take_back": Act(
        lambda w, row, by, n: self_referrals.take_back(row, by=by),
        only("member"),
        frozenset({S.SUGGESTED}),
        "suggestion.taken_back",
        target="withdraw",
    ),
    "rewrite": Act(rewrite, only("member"), frozenset({S.SUGGESTED}), "suggestion.changed", idle=True),
    "put_dots": Act(
        lambda w, row, by, n: supports.put_dots(row, n % 5, by=by),
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
        lambda w, row, by, n: actions.publish(row, by=by),
        team,
        frozenset(S),
        "referral.published",
        guard=lambda w, row: row.issued_at is not None or row.state in {S.PUT_TO_VOTE, S.ADOPTED, S.REJECTED, *WORKED},
        idle=True,
    ),
    "unpublish": Act(
        lambda w, row, by, n: actions.unpublish(row, reason="Une erreur.", by=by),
        team,
        frozenset(S),
        "referral.unpublished",
        idle=True,
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
        lambda w, row, by, n: committees.assign(row, w.committees[n % 2], mandate_statement="Dire.", by=by),
        team,
        RUNNING,
        "referral.committee_assigned",
        idle=True,
    ),
    "ask": Act(
        ask, team, RUNNING, ASKED, follow=frozenset({NAMED, ASKED}), may_fail=frozenset({"directorate"}), idle=True
    ),
    "announce": Act(
        lambda w, row, by, n: issuing.put_on_agenda(row, w.coming, by=by),
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
        lambda w, row, by, n: briefing_release.release(row, by=by),
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
    """The agent's directorate is named, or one that was closed into it."""
    place = Directorate.objects.get(pk=world.places[who[-1]].pk)
    chain = {place.pk}
    while more := set(Directorate.objects.filter(successor__in=chain).values_list("pk", flat=True)) - chain:
        chain |= more
    return row.directorates.filter(directorate__in=chain).exists()


def is_open(row: Referral) -> bool:
    return BriefingPack.objects.filter(referral=row).exclude(released_at=None).exists()


def reaches_members(row: Referral) -> bool:
    """They see the question: issued by the president, or put to their vote."""
    if row.is_own:
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
        target="hold",
    ),
    "cancel": Act(
        lambda w, row, by, n: HEARING.transition(row, "cancel", reason="La personne est malade.", by=by),
        team,
        frozenset({H.PLANNED}),
        "hearing.cancelled",
        guard=briefed,
        target="cancel",
    ),
    "plan_again": Act(
        lambda w, row, by, n: HEARING.transition(row, "plan_again", by=by),
        team,
        frozenset({H.CANCELLED}),
        "hearing.planned_again",
        guard=briefed,
        target="plan_again",
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
    """The approver; the contact while a delegation runs."""
    code, today = world.code_of(row), timezone.localdate()
    holds = Delegation.objects.filter(
        directorate=row.directorate_id, holder=world.pks[f"contact_{code}"], ended_at=None, ends_on__gte=today
    )
    return [f"approver_{code}", *([f"contact_{code}"] if holds.exists() else [])]


def save(world: World, row: DirectorateReview, by: User, pick: int) -> None:
    """A whole answer, or one without its opinion; one in seven is typed on a page that a colleague overtook."""
    words = GRID | {"summary": f"Avis {pick} de {by.pk}.", "competence": "" if pick % 5 == 1 else "yes"}
    answers.save(row, words, version=row.version + (pick % 7 == 3), by=by)


def of_review(verb: str) -> dict[str, Any]:
    states = frozenset(state for state in R if verb in REVIEW.verbs_from(state))
    return {"states": states, "target": verb}


def runs(world: World, row: DirectorateReview) -> bool:
    return row.referral.state not in ENDED


LATER = {"guard": runs, "follow": frozenset({NAMED}), "may_fail": frozenset({"asked", "directorate"})}
REVIEW_ACTS = {
    "ask_supplement": Act(
        lambda w, row, by, n: reviews.ask_supplement(row, reason="Le coût.", due_on=in_days(9), by=by),
        team,
        journal="review.supplement_asked",
        **LATER,
        **of_review("ask_supplement"),
    ),
    "ask_again": Act(
        lambda w, row, by, n: reviews.ask_again(row, due_on=in_days(9), by=by),
        team,
        journal="review.asked_again",
        **LATER,
        **of_review("ask_again"),
    ),
    "close": Act(
        lambda w, row, by, n: reviews.close(row, reason="Plus utile.", by=by),
        team,
        journal=CLOSED,
        **of_review("close"),
    ),
    "remind": Act(lambda w, row, by, n: reviews.remind(row, by=by), team, frozenset(OPEN_STATES), "review.reminded"),
    "change_due": Act(
        lambda w, row, by, n: reviews.change_due(row, in_days(n), reason="L’été.", by=by),
        team,
        frozenset(OPEN_STATES),
        "review.due_changed",
    ),
    "save": Act(save, agents, frozenset(WRITING_STATES), "review.saved", idle=True, may_fail=frozenset({"overtaken"})),
    "submit": Act(
        lambda w, row, by, n: answers.submit(row, version=row.version, by=by),
        agents,
        journal="review.submitted",
        may_fail=frozenset({"missing"}),
        **of_review("submit"),
    ),
    "validate": Act(
        lambda w, row, by, n: answers.validate(row, version=row.version, by=by),
        givers,
        journal="review.validated",
        **of_review("validate"),
    ),
    "return": Act(
        lambda w, row, by, n: answers.send_back(row, reason="Le coût manque.", by=by),
        givers,
        journal="review.returned",
        **of_review("return"),
    ),
    "decline": Act(
        lambda w, row, by, n: answers.decline(row, reason="Ce n’est pas à nous.", by=by),
        agents,
        journal="review.declined",
        **of_review("decline"),
    ),
    "pass_on": Act(
        lambda w, row, by, n: answers.pass_on(row, w.place(n), reason="C’est à eux.", by=by),
        agents,
        journal="review.passed_on",
        follow=frozenset({NAMED}),
        may_fail=frozenset({"asked", "directorate"}),
        **of_review("pass_on"),
    ),
}


# --- what the database holds ---------------------------------------------------------------------------------------

OURS = re.compile(
    r"audit_entry|consultations_|documents_rendition|institution_(dir|num)|notifications_|sittings_(agenda|ballot)"
)


@cache
def fingerprints() -> str:
    """The statement that reads every table where these acts may write."""
    tables = sorted(filter(OURS.match, connection.introspection.table_names()))
    return " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608 -- our own tables
        for table in tables
    )


def digest() -> dict[str, str]:
    """One fingerprint a table, of every row; the database keeps the plan, which costs more than the reading."""
    connection.ensure_connection()
    return dict(connection.connection.execute(fingerprints(), prepare=True).fetchall())


def changed(before: dict[str, str]) -> set[str]:
    after = digest()
    return {table for table in after if after[table] != before[table]}


def journal_since(last: int) -> list[Entry]:
    return list(Entry.objects.filter(pk__gt=last).order_by("pk"))


def last_line() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
