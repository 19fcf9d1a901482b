"""A draw among the members: its list, its one result, the reserve, and where the names go."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.models import CommitteeMembership
from assembly.web.errors import StateConflict
from draws.draws.actions import ceremony, internal as actions, preparation
from draws.draws.queries import records
from draws.draws.queries.draw import holders, outcome_of
from draws.models import Designation, DesignationOutcome, Draw, DrawResult, DrawState
from members.enums import EndReason
from members.mandates import actions as mandates
from members.sortition import verifier
from opinions.adoption.actions import handover
from opinions.models import OpinionState, Spokesperson, SpokespersonDraw
from tests.draws.inner import begun, internal_draw_in, members, sealed_record
from tests.draws.stage import BALLS, DICE, fresh
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.opinions import OpinionFactory

pytestmark = pytest.mark.django_db
S = DrawState


def reserve_by_hand(draw, gender):
    """Return who is not in the lot, by SHA-256 of the seed as the protocol says, computed here again."""
    seed = bytes.fromhex(draw.result.seed)
    rows = draw.pool.entries.filter(mandate__member__gender=gender).values_list("pseudonym", flat=True)
    others = [name for name in rows if name not in outcome_of(draw).members]
    return sorted(others, key=lambda name: (hashlib.sha256(seed + f"|suppleants|{name}".encode()).digest(), name))


def held(draw):
    return [one.pseudonym for one in holders(fresh(draw)).people]


def gender_of(draw, name):
    return draw.pool.entries.get(pseudonym=name).mandate.member.gender


def end(draw, name, by):
    mandate = draw.pool.entries.get(pseudonym=name).mandate
    mandates.end(mandate, by=by, on=timezone.localdate(), reason=EndReason.RESIGNED)


def test_from_the_list_to_the_names(people):
    draw = internal_draw_in(people, S.REVEALED)
    rows = list(draw.designations.all())
    assert [(row.outcome, row.rank, row.instead_of) for row in rows] == [("named", 1, ""), ("named", 2, "")]
    assert sorted(row.mandate.member.gender for row in rows) == ["F", "M"]
    assert draw.reference.startswith(f"AC{people.term.number}-TI-")
    verbs = Entry.objects.filter(subject_type="draws.Draw", subject_id=str(draw.pk)).order_by("pk")
    assert list(verbs.values_list("event_type", flat=True)) == [
        "draw.internal_begun",
        "draw.list_announced",
        "draw.digits_read",
        "draw.digits_read",
        "draw.drawn",
        "draw.attendees_named",
        "draw.people_named",
    ]


def test_the_published_files_satisfy_the_program_that_stands_alone(people, tmp_path):
    draw = internal_draw_in(people, S.DRAWN)
    for name, (make, _kind) in {**records.PUBLIC, **records.PRIVATE}.items():
        (tmp_path / name).write_bytes(make(draw))
    told = verifier.verify_folder(tmp_path, {"boules": BALLS, "des": DICE})
    assert told.split("membres\n")[1].split("\nsuppléants")[0].split("\n") == sorted(held(draw))
    names = [row.mandate.member.person.last_name for row in draw.pool.entries.all()]
    for name in [*records.PUBLIC, "pool.csv", "table.csv"]:
        assert not any(one in (tmp_path / name).read_text() for one in names)


def test_one_function_is_drawn_once(people):
    draw = internal_draw_in(people, S.DRAWN, title="Assesseurs du scrutin 3")
    with pytest.raises(ValidationError, match="existe déjà"):
        begun(people, title="Assesseurs  du scrutin 3 !")
    with pytest.raises(StateConflict):
        ceremony.read_digits(draw, balls="0-0-0-0", dice=DICE, by=people["officer"])
    preparation.void_draw(draw, reason="Une urne était vide.", by=people["lead"])
    again = begun(people, title="Assesseurs du scrutin 3")
    assert (again.number, DrawResult.objects.filter(draw=draw).count()) == (2, 1)


def test_nothing_changes_once_the_list_is_frozen(people):
    draw = internal_draw_in(people, S.ANNOUNCED)
    values = {"title": "Autre", "seats": 4, "is_parity": False, "place": "", "takes_place_at": None}
    with pytest.raises(StateConflict):
        actions.describe(draw, by=people["officer"], drawn_among=None, committee=None, **values)
    with pytest.raises(StateConflict):
        actions.announce_list(draw, without=[], by=people["officer"])
    for rows in (draw.quota_versions, draw.pools):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        draw.pool.entries.update(pseudonym="V9999")
    with pytest.raises(DatabaseError), transaction.atomic():
        draw.computations.update(lots=b"")


def test_a_draft_changes_and_keeps_its_purpose(people):
    draw = begun(people, title="Comité")
    values = {"title": "Comité de suivi", "seats": 3, "is_parity": False, "place": "Salle 2", "takes_place_at": None}
    actions.describe(fresh(draw), by=people["officer"], drawn_among=None, committee=None, **values)
    found = fresh(draw)
    assert (found.title, found.purpose, found.quotas.seats, found.quotas.number) == (
        "Comité de suivi",
        "fonction:comite",
        3,
        2,
    )
    assert bytes(found.quotas.content).decode().splitlines()[1:] == ["assemblee,membre,3,3"]


def test_whoever_left_after_the_freeze_gives_the_place_to_the_reserve(people):
    draw = internal_draw_in(people, S.DRAWN)
    gone, stays = held(draw)
    before = reserve_by_hand(draw, gender_of(draw, gone))
    end(draw, gone, people["officer"])
    assert held(draw) == [before[0], stays]
    end(draw, before[0], people["officer"])
    assert held(draw) == [before[1], stays]
    sealed_record(draw)
    actions.name_people(fresh(draw), by=people["officer"])
    kept = set(draw.designations.values_list("pseudonym", "outcome", "instead_of"))
    assert kept == {(gone, "left", ""), (before[1], "named", gone), (stays, "named", "")}


def test_nobody_left_leaves_the_place_empty(people):
    draw = internal_draw_in(people, S.DRAWN)
    gone, stays = held(draw)
    for name in [gone, *reserve_by_hand(draw, gender_of(draw, gone))]:
        end(draw, name, people["officer"])
    assert held(draw) == [stays]


def test_whoever_declines_gives_the_place_to_the_reserve(people):
    draw = internal_draw_in(people, S.DRAWN)
    first, second = held(draw)
    reserves = {name: reserve_by_hand(draw, gender_of(draw, name)) for name in (first, second)}
    with pytest.raises(ValidationError):
        actions.note_refusal(draw, pseudonym=reserves[first][0], by=people["officer"])
    for name in (first, second, reserves[second][0]):
        actions.note_refusal(fresh(draw), pseudonym=name, by=people["officer"])
    assert held(draw) == [reserves[first][0], reserves[second][1]]
    with pytest.raises(ValidationError):
        actions.note_refusal(fresh(draw), pseudonym=first, by=people["officer"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Designation.objects.update(outcome=DesignationOutcome.LEFT)


def test_a_mandate_that_ends_later_changes_no_name_that_was_published(people):
    draw = internal_draw_in(people, S.REVEALED)
    before = held(draw)
    end(draw, before[0], people["officer"])
    assert held(draw) == before


def test_who_does_not_take_part_and_who_came_later_are_not_in_the_list(people):
    rows = members(people)
    draw = begun(people)
    actions.announce_list(draw, without=[rows[0].member.person], by=people["officer"])
    listed = set(draw.pool.entries.values_list("mandate", flat=True))
    assert listed == {row.pk for row in rows[1:]}
    assert len(members(people, women=4)) == len(rows) + 1
    assert set(fresh(draw).pool.entries.values_list("mandate", flat=True)) == listed


def test_a_list_without_a_man_cannot_give_one(people):
    rows = members(people)
    draw = begun(people)
    men = [row.member.person for row in rows if row.member.gender == "M"]
    with pytest.raises(ValidationError, match="manque"):
        actions.announce_list(draw, without=men, by=people["officer"])
    with pytest.raises(ValidationError, match="Personne ne reste"):
        actions.announce_list(fresh(draw), without=[row.member.person for row in rows], by=people["officer"])
    assert (fresh(draw).state, draw.pools.count()) == (S.DRAFT, 0)


def test_a_committee_is_drawn_from_and_seats_whoever_is_drawn(people):
    rows = members(people)
    group, follow_up = CommitteeFactory(term=people.term), CommitteeFactory(term=people.term)
    for row in rows[:4]:
        CommitteeMembershipFactory(committee=group, person=row.member.person)
    CommitteeMembershipFactory(committee=follow_up, person=rows[0].member.person)
    draw = begun(people, seats=4, is_parity=False, drawn_among=group, committee=follow_up)
    actions.announce_list(draw, without=[], by=people["officer"])
    assert draw.pool.size == 4
    for role in ("officer", "lead"):
        ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=people[role])
    sealed_record(fresh(draw))
    named = actions.name_people(fresh(draw), by=people["officer"])
    seated = CommitteeMembership.objects.filter(committee=follow_up).values_list("person", flat=True)
    assert sorted(seated) == sorted(person.pk for person in named) == sorted(row.member.person_id for row in rows[:4])


def adopted(people):
    return OpinionFactory(term=people.term, state=OpinionState.ADOPTED)


def drawn_for(opinion, people):
    members(people)
    draw = handover.begin_spokesperson_draw(opinion, by=people["officer"])
    Draw.objects.filter(pk=draw.pk).update(place="Salle 1", takes_place_at=timezone.now())
    actions.announce_list(fresh(draw), without=[], by=people["officer"])
    for role in ("officer", "lead"):
        ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=people[role])
    ceremony.name_attendees(fresh(draw), attendees="Odile Labatut\nJean Prat", by=people["officer"])
    sealed_record(fresh(draw))
    return draw


def test_spokespersons_come_back_to_their_opinion(people):
    opinion = adopted(people)
    draw = drawn_for(opinion, people)
    named = actions.name_people(fresh(draw), by=people["officer"])
    told = SpokespersonDraw.objects.get(opinion=opinion)
    assert [row.person for row in Spokesperson.objects.filter(draw=told)] == named
    assert (told.protocol, told.witnesses, told.place) == (draw, "Odile Labatut, Jean Prat", "Salle 1")
    with pytest.raises(ValidationError):
        handover.begin_spokesperson_draw(opinion, by=people["officer"])


def test_names_drawn_by_hand_do_not_go_beside_an_announced_draw(people):
    opinion = adopted(people)
    draw = drawn_for(opinion, people)
    facts = {"drawn_on": timezone.localdate(), "witnesses": "Mᵉ Pujol", "by": people["officer"]}
    person = members(people)[0].member.person
    with pytest.raises(ValidationError, match="annoncé"):
        handover.draw(opinion, [person], **facts)
    preparation.void_draw(fresh(draw), reason="Une urne était vide.", by=people["lead"])
    handover.draw(opinion, [person], **facts)
    assert SpokespersonDraw.objects.get(opinion=opinion).protocol is None


def test_names_noted_by_hand_before_the_announcement_stay(people):
    opinion = adopted(people)
    members(people)
    draw = handover.begin_spokesperson_draw(opinion, by=people["officer"])
    person = members(people)[0].member.person
    handover.draw(opinion, [person], drawn_on=timezone.localdate(), witnesses="Mᵉ Pujol", by=people["officer"])
    assert handover.take_names(draw, [person], by=people["officer"]) is None


@pytest.mark.parametrize("role", ["facilitator", "member", "president", "witness", "lead@elsewhere"])
def test_the_team_of_the_term_alone_prepares(role, people):
    who = people.elsewhere("lead") if "@" in role else people[role]
    with pytest.raises(PermissionDenied):
        actions.begin_internal_draw(people.term, title="Comité", seats=2, is_parity=True, by=who)
    draft, drawn = internal_draw_in(people), internal_draw_in(people, S.DRAWN)
    for act in (
        lambda: actions.announce_list(draft, without=[], by=who),
        lambda: actions.note_refusal(drawn, pseudonym=held(drawn)[0], by=who),
        lambda: actions.name_people(drawn, by=who),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_names_wait_for_the_sealed_record(people):
    draw = internal_draw_in(people, S.DRAWN)
    with pytest.raises(ValidationError, match="procès-verbal"):
        actions.name_people(draw, by=people["officer"])
