"""Sittings, minutes and papers: each reader finds the words of the own pages, and no count tells of others."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assembly.documents.models import ExtractionState, FileText
from assembly.search.models import SearchEntry
from assembly.search.registry import source_of
from sessions.models import AgendaDocument, Minutes, MinutesState
from tests.assembly.search.indexing import found, hits, index_everything
from tests.factories.documents import UploadFactory
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, NoticeFactory, SittingFactory
from tests.sessions.minutes.written_minutes import written_minutes

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
READERS = ("lead", "officer", "facilitator", "member", "dir_contact", "president", "stranger")


def who_finds(people, words, kind):
    """Return the roles that find something of this kind, including `anonymous` and roles elsewhere."""
    users = {who: people[who] for who in READERS} | {"anonymous": ANYBODY}
    users |= {f"{who}@elsewhere": people.elsewhere(who) for who in ("lead", "member")}
    return [who for who, user in users.items() if found(user, words, kind)]


def convened(people, **fields):
    sitting = SittingFactory(term=people.term, notified=True, **fields)
    NoticeFactory(sitting=sitting)
    return sitting


def test_an_announced_plenary_is_found_by_everybody_its_agenda_by_those_convened(people):
    sitting = convened(people, title="Plénière de printemps")
    AgendaItemFactory(sitting=sitting, title="Le schéma de l’autonomie")
    AgendaItemFactory(sitting=sitting, title="Le rôle des trombones", is_internal=True)
    index_everything("sitting")
    all_but_elsewhere = [*READERS, "anonymous", "lead@elsewhere", "member@elsewhere"]
    assert who_finds(people, "printemps", "sitting") == all_but_elsewhere
    assert who_finds(people, "schema autonomie", "sitting") == ["lead", "officer", "facilitator", "member"]
    assert who_finds(people, "trombone", "sitting") == ["lead", "officer", "facilitator"]


def test_a_planned_sitting_is_found_at_the_desk_only_until_it_is_announced(people):
    sitting = SittingFactory(term=people.term, title="Plénière discrète", is_public=False)
    AgendaItemFactory(sitting=sitting, title="Les hirondelles")
    index_everything("sitting")
    assert who_finds(people, "discrete", "sitting") == ["lead", "officer", "facilitator"]
    assert found(people["member"], "hirondelle") == []


def test_an_agenda_that_was_not_sent_is_not_found_by_members(people):
    sitting = SittingFactory(term=people.term, title="Plénière", notified=True)
    AgendaItemFactory(sitting=sitting, title="Les hirondelles")
    index_everything("sitting")
    assert who_finds(people, "hirondelles", "sitting") == ["lead", "officer", "facilitator"]


def test_a_committee_is_found_by_its_people_and_its_guests(people):
    sitting = convened(people, title="Groupe mobilités", committee_sitting=True, is_public=False)
    index_everything("sitting")
    assert who_finds(people, "mobilite", "sitting") == ["lead", "officer", "facilitator"]
    CommitteeMembershipFactory(committee=sitting.committee, person=people["member"].person)
    InviteeFactory(sitting=sitting, person=people["dir_contact"].person)
    assert who_finds(people, "mobilite", "sitting") == ["lead", "officer", "facilitator", "member", "dir_contact"]


def test_old_public_sittings_are_no_longer_shown_to_visitors(people):
    then = timezone.now() - timedelta(days=400)
    convened(people, title="Plénière ancienne", starts_at=then)
    index_everything("sitting")
    assert found(ANYBODY, "ancienne") == []
    assert found(people["member"], "ancienne") == [("sitting", "Plénière ancienne")]


@pytest.mark.parametrize(("who", "place"), [("officer", "/bureau/seances/{}/"), ("member", "/espace/seances/{}/")])
def test_each_room_has_its_own_page_of_a_sitting(who, place, people, signed_in):
    sitting = convened(people, title="Plénière de printemps")
    index_everything("sitting")
    hit = hits(people[who], sitting.reference)[0]
    assert hit.url == place.format(sitting.pk)
    assert signed_in(who).get(hit.url).status_code == 200


def test_a_visitor_is_led_to_the_page_of_the_sitting(people):
    sitting = convened(people, title="Plénière de printemps")
    index_everything("sitting")
    hit = hits(ANYBODY, "printemps")[0]
    assert hit.url == f"/seances/{sitting.reference}/"
    assert found(ANYBODY, sitting.reference) == [("sitting", "Plénière de printemps")]
    SearchEntry.objects.update(reference="")  # indexed before a sitting had a page
    assert hits(ANYBODY, "printemps")[0].url == "/seances/"


def test_minutes_are_found_by_those_who_may_read_them(people):
    minutes = written_minutes(people)
    index_everything("minutes")
    held = minutes.held
    there, absent = held.members[1], held.members[-1]

    def readers(words):
        users = {"there": there, "absent": absent, "chair": held.chair, "officer": people["officer"]}
        users |= {"stranger": people["stranger"], "visitor": ANYBODY, "elsewhere": people.elsewhere("lead")}
        return [who for who, user in users.items() if found(user, words)]

    assert readers("calendrier famille avancer") == ["chair", "officer"]
    now = timezone.now()
    Minutes.objects.filter(pk=minutes.pk).update(
        state=MinutesState.CIRCULATED, circulated_at=now, corrections_until=now + timedelta(days=10)
    )
    assert readers("carnet de mi-parcours adopté") == ["there", "chair", "officer"]
    assert readers("carte des accueils de jour") == ["there", "chair", "officer"]


def test_minutes_open_in_the_room_of_the_reader(people, signed_in):
    minutes = written_minutes(people)
    index_everything("minutes")
    for user, place in (
        (people["officer"], f"/bureau/seances/{minutes.sitting_id}/compte-rendu/"),
        (minutes.held.chair, f"/espace/comptes-rendus/{minutes.pk}/"),
    ):
        hit = hits(user, "carnet")[0]
        assert hit.url == place
        assert "<mark>carnet</mark>" in hit.passage
        assert signed_in(user).get(hit.url).status_code == 200


def paper(sitting, text, **fields):
    upload = UploadFactory(name="note.pdf")
    FileText.objects.update_or_create(
        blob=upload.blob, defaults={"text": text, "state": ExtractionState.READY, "read_at": timezone.now()}
    )
    return AgendaDocument.objects.create(sitting=sitting, upload=upload, title="Note préparatoire", **fields)


def test_the_words_of_a_paper_are_found_by_those_who_may_open_it(people, signed_in):
    sitting = convened(people)
    shown = paper(sitting, "Le coût du covoiturage")
    index_everything("paper")
    assert who_finds(people, "covoiturages", "paper") == ["lead", "officer", "facilitator", "member"]
    for who in ("officer", "facilitator", "member"):
        hit = hits(people[who], "covoiturage")[0]
        assert signed_in(who).get(hit.url).status_code == 200
    shown.removed_at = timezone.now()
    shown.save()
    assert who_finds(people, "covoiturages", "paper") == []


def test_internal_papers_are_found_by_the_team_only(people, signed_in):
    sitting = convened(people)
    inside = AgendaItemFactory(sitting=sitting, is_internal=True)
    paper(sitting, "Le trombone", is_internal=True)
    paper(sitting, "Le trombone", item=inside)
    index_everything("paper")
    assert who_finds(people, "trombone", "paper") == ["lead", "officer"]
    url = hits(people["lead"], "trombone")[0].url
    assert signed_in("facilitator").get(url).status_code == 404


def test_papers_of_a_sitting_not_announced_are_found_by_the_team_only(people):
    paper(SittingFactory(term=people.term), "Le covoiturage")
    index_everything("paper")
    assert who_finds(people, "covoiturage", "paper") == ["lead", "officer"]


def test_what_touches_what(people):
    minutes = written_minutes(people)
    sitting = minutes.sitting
    shown = paper(sitting, "x")
    touched = {
        kind: [str(key) for key in source_of(kind).touched_by("sittings.Sitting", {str(sitting.pk)})]
        for kind in ("sitting", "minutes", "paper")
    }
    assert touched == {"sitting": [str(sitting.pk)], "minutes": [str(minutes.pk)], "paper": [str(shown.pk)]}
    for label, key in (
        ("documents.Upload", shown.upload_id),
        ("documents.FileText", shown.upload.blob_id),
        ("sittings.AgendaDocument", shown.pk),
    ):
        assert [str(one) for one in source_of("paper").touched_by(label, {str(key)})] == [str(shown.pk)]


def test_indexing_costs_the_same_for_each_sitting(people, django_assert_max_num_queries):
    for number in range(3):
        convened(people, reference=f"PL-2026-9{number}")
    with django_assert_max_num_queries(35):
        index_everything("sitting")
    assert SearchEntry.objects.filter(kind="sitting").count() == 9
