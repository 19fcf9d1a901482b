"""The public page of a sitting: what it tells in each state, what it never tells, and what it leads to."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from assembly.identity.models import Person
from assembly.institution.models import Assembly
from opinions.models import Opinion, OpinionState
from sessions.models import AgendaItem, Minutes, MinutesState, Sitting, SittingState
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import DocumentFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

S, M = SittingState, MinutesState


def address(sitting, name="public"):
    return reverse(f"sittings:{name}", args=[sitting.reference])


def read(client, path):
    cache.clear()
    answer = client.get(path)
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ") if answer.status_code == 200 else ""


def about(thing, sitting, **values):
    label = {"Referral": "consultations.Referral", "Opinion": "opinions.Opinion"}[type(thing).__name__]
    return AgendaItemFactory(sitting=sitting, topic_type=label, topic_id=str(thing.pk), **values)


@pytest.fixture
def minutes(people):
    """Make written minutes with a decision by consent, a vote and its decision."""
    return written_minutes(people)


def published(minutes, document=None):
    """Publish the minutes as the step does."""
    document = document or DocumentFactory(
        term=minutes.sitting.term,
        reference=f"{minutes.sitting.reference}-PV-PUB",
        kind="minutes-public",
        subject_type="sittings.Minutes",
        subject_id=str(minutes.pk),
        published=True,
    )
    at_state(minutes, M.PUBLISHED)
    Minutes.objects.filter(pk=minutes.pk).update(public_document=document)
    return document


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({}, False),
        ({"notified": True}, True),
        ({"confirmed": True}, True),
        ({"running": True}, True),
        ({"held": True}, True),
        ({"notified": True, "state": S.CANCELLED, "reason": "Une grippe dans l’équipe"}, False),
        ({"notified": True, "state": S.POSTPONED, "reason": "Une grippe dans l’équipe"}, False),
    ],
)
def test_the_agenda_of_a_plenary_is_public_once_it_is_convened(values, is_told, people, client):
    sitting = SittingFactory(term=people.term, **values)
    AgendaItemFactory(sitting=sitting, title="Les trajets du soir")
    page = read(client, address(sitting))
    assert sitting.title in page
    assert ("Les trajets du soir" in page) == is_told
    assert "Une grippe" not in page


def test_points_of_the_team_and_points_taken_off_are_never_shown(people, client):
    sitting = SittingFactory(term=people.term, held=True)
    hidden = AgendaItemFactory(sitting=sitting, title="Point de l’équipe", is_internal=True)
    AgendaItemFactory(sitting=sitting, title="Sous-point de l’équipe", parent=hidden)
    AgendaItemFactory(sitting=sitting, title="Point retiré", removed_at=sitting.starts_at)
    AgendaItemFactory(sitting=sitting, title="Point public", note="Note au membre", speaker="Gisèle Rouquette")
    page = read(client, address(sitting))
    assert "1. Point public" in page
    for words in ("Point de l’équipe", "Sous-point", "Point retiré", "Note au membre", "Rouquette"):
        assert words not in page


@pytest.mark.parametrize("name", ["public", "public-card"])
def test_a_sitting_that_is_not_announced_or_of_another_assembly_is_not_found(name, people, client):
    SittingFactory(term=people.term, reference="PL-2026-08", is_public=False, held=True)
    elsewhere = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    SittingFactory(term=elsewhere, reference="PL-2026-09", held=True)
    assert Assembly.objects.count() == 2
    for reference in ("PL-2026-08", "PL-2026-09", "PL-2026-10"):
        assert client.get(reverse(f"sittings:{name}", args=[reference])).status_code == 404


def test_votes_and_decisions_come_with_the_published_minutes(minutes, client):
    sitting = minutes.sitting
    AgendaItem.objects.filter(pk=minutes.held.items[1].pk).update(title="Échange avec Gisèle Rouquette")
    for state in (M.DRAFT, M.CIRCULATED, M.APPROVED, M.SIGNED):
        at_state(minutes, state)
        page = read(client, address(sitting))
        assert "Adoption du carnet de mi-parcours" in page
        assert "Rouquette" not in page
        assert "voix pour" not in page
        assert "est adopté." not in page
    document = published(minutes)
    page = read(client, address(sitting))
    assert "voix pour" in page
    assert "Le carnet de mi-parcours est adopté." in page
    assert "Rouquette" not in page
    assert reverse("documents:publication-file", args=[document.reference]) in page
    assert "Gisèle" not in page


def test_a_text_that_is_being_rectified_leaves_the_published_file_and_tells_no_vote(minutes, client):
    document = published(minutes)
    assert "voix pour" in read(client, address(minutes.sitting))
    at_state(minutes, M.APPROVED)
    page = read(client, address(minutes.sitting))
    assert "voix pour" not in page
    assert document.reference in page


def test_a_file_that_is_withdrawn_is_gone_at_the_next_look(minutes, client):
    document = published(minutes)
    assert document.reference in read(client, address(minutes.sitting))
    document.published_at = document.published_revision = None
    document.state = "sealed"
    document.save()
    at_state(minutes, M.SIGNED)
    assert document.reference not in read(client, address(minutes.sitting))


def test_the_agenda_of_a_committee_comes_with_its_minutes(people, client):
    minutes = written_minutes(people, committee=True)
    assert "Le schéma Autonomie" not in read(client, address(minutes.sitting))
    published(minutes)
    assert "Le schéma Autonomie" in read(client, address(minutes.sitting))


@pytest.mark.parametrize("state", [OpinionState.FROZEN, OpinionState.ADOPTED, OpinionState.PUBLISHED])
def test_the_vote_on_an_opinion_is_told_once_the_opinion_is_published(state, people, client):
    opinion = OpinionFactory(term=people.term, state=state)
    item = opinion.agenda_item
    AgendaItem.objects.filter(pk=item.pk).update(topic_type="opinions.Opinion", topic_id=str(opinion.pk))
    page = read(client, address(item.sitting))
    is_public = state == OpinionState.PUBLISHED
    assert item.title in page
    assert ("voix pour" in page) == is_public
    assert (opinion.reference in page) == is_public


def test_each_leads_to_the_others(minutes, people, client):
    """Referral, sitting, opinion and minutes, in both directions; what is not published leads nowhere."""
    referral = ReferralFactory(term=people.term, published=True, working=True)
    opinion = OpinionFactory(term=people.term, referral=referral, state=OpinionState.PUBLISHED)
    sitting = minutes.sitting
    for thing in (referral, opinion):
        about(thing, sitting)
    document = published(minutes)
    pages = {
        "referral": reverse("consultations:public", args=[referral.reference]),
        "opinion": reverse("opinions:public", args=[opinion.reference]),
        "sitting": address(sitting),
        "minutes": reverse("documents:publication-file", args=[document.reference]),
    }
    for name in ("referral", "opinion", "sitting"):
        page = read(client, pages[name])
        assert [other for other in pages if other != name and f'href="{pages[other]}"' not in page] == [], name
    assert f'href="{pages["sitting"]}"' in read(client, reverse("documents:publications"))
    Opinion.objects.filter(pk=opinion.pk).update(state=OpinionState.HANDED_OVER, published_at=None)
    Sitting.objects.filter(pk=sitting.pk).update(is_public=False)
    page = read(client, pages["referral"])
    assert pages["opinion"] not in page
    assert pages["sitting"] not in page
    assert pages["sitting"] not in read(client, reverse("documents:publications"))


def test_a_point_of_the_team_gives_no_way_back(people, client):
    referral = ReferralFactory(term=people.term, published=True, working=True)
    sitting = SittingFactory(term=people.term, held=True)
    parent = AgendaItemFactory(sitting=sitting, is_internal=True)
    about(referral, sitting, parent=parent)
    assert sitting.reference not in read(client, reverse("consultations:public", args=[referral.reference]))


def test_nobody_of_the_sitting_is_named(minutes, client):
    published(minutes)
    page = read(client, address(minutes.sitting))
    names = Person.objects.filter(sitting_invitations__sitting=minutes.sitting).values_list("last_name", flat=True)
    assert len(names) > 4
    assert [name for name in names if name in page] == []


def test_a_page_that_is_kept_costs_one_statement_more(minutes, client, django_assert_max_num_queries):
    published(minutes)
    with django_assert_max_num_queries(24):
        client.get(address(minutes.sitting))
