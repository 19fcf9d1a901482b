"""Saved views: kept, shared, closed with the right, mailed; of registers and of older lists, by one mechanism."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from answers.models import AnswerCase, FollowUp
from assembly.lists import lists
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from assembly.saved_views import actions, queries
from assembly.saved_views.contributions import SavedViewMessage
from assembly.saved_views.models import SavedView, ViewSubscription
from tests.answers.follow_up.test_pages import opinion_of, public_one
from tests.browsing import StrictClient
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.members import ContactFactory, MandateFactory
from tests.factories.mission import PartnerFactory
from tests.factories.sessions import SittingFactory

LIST = "/bureau/mission/partenaires/"


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def saved(desk, people, query="type=association"):
    assert desk.post(f"/bureau/vues/partners/?{query}", {"name": "Associations"}).status_code == 302
    return SavedView.objects.get()


def shared(view, people, **more):
    actions.share_view(view, by=people["officer"], **{"is_shared": False, "directorate": None, **more})
    return f"/vues/{view.token}/"


def test_a_view_is_kept_and_opens_for_its_author_alone(desk, people):
    view = saved(desk, people)
    assert desk.get(f"/vues/{view.token}/").headers["Location"] == f"{LIST}?type=association"
    lead = StrictClient().enter(people.ready(people["lead"]))
    assert lead.get(f"/vues/{view.token}/").status_code == 404
    assert lead.get(reverse("saved_views:change", args=[view.pk])).status_code == 404
    shared(view, people, is_shared=True)
    assert lead.get(f"/vues/{view.token}/").status_code == 302


def test_a_directorate_reads_the_rows_and_nothing_else(desk, people):
    PartnerFactory(name="Élan", kind="association")
    PartnerFactory(name="Cerema", kind="state")
    PartnerFactory(name="Ailleurs", kind="association", assembly=AssemblyFactory(second=True))
    address = shared(saved(desk, people), people, directorate=people.directorate)
    agent = StrictClient().enter(people.ready(people["dir_contact"]))
    page = agent.get(address).content.decode()
    assert "Élan" in page
    assert "Cerema" not in page
    assert "Ailleurs" not in page
    assert LIST not in page
    for other in (people.elsewhere("dir_contact"), people["member"], people.elsewhere("officer")):
        assert StrictClient().enter(people.ready(other)).get(address).status_code == 404
    assert agent.get(f"{address}?type=state").content.decode().count("Cerema") == 0


def lose(user):
    user.roles.update(ended_at="2026-01-01T00:00:00Z")


@pytest.mark.parametrize("who", ["officer", "dir_contact"])
def test_a_view_closes_when_its_author_or_its_reader_loses_the_right(desk, people, who):
    address = shared(saved(desk, people), people, directorate=people.directorate)
    agent = StrictClient().enter(people.ready(people["dir_contact"]))
    assert agent.get(address).status_code == 200
    lose(people[who])
    assert agent.get(address).status_code == 404


def test_a_view_whose_author_left_is_no_longer_offered(desk, people):
    shared(saved(desk, people), people, is_shared=True)
    colleague = StrictClient().enter(people.ready(people["lead"]))
    places = (LIST, "/bureau/vues/partners/")
    assert [colleague.get(place).text.count(">Associations</a>") for place in places] == [1, 1]
    lose(people["officer"])
    assert [colleague.get(place).text.count(">Associations</a>") for place in places] == [0, 0]


def test_a_view_comes_each_week_until_one_click(desk, people, mailoutbox):
    view = saved(desk, people)
    actions.subscribe(view, by=people["officer"], is_subscribed=True)
    monday = date(2026, 11, 30)
    assert [actions.send_weekly(day) for day in (monday, monday, date(2026, 12, 1), date(2026, 12, 7))] == [
        1,
        0,
        0,
        1,
    ]
    token = actions.stop_token(ViewSubscription.objects.get())
    anybody = StrictClient()
    assert anybody.get(f"/vues/arret/{token}/").status_code == 200
    assert ViewSubscription.objects.exists()
    assert anybody.post(f"/vues/arret/{token}/").status_code == 200
    assert not ViewSubscription.objects.exists()
    assert anybody.get("/vues/arret/1-1:faux/").status_code == 404


def test_the_mail_stops_with_the_right(desk, people):
    view = saved(desk, people)
    actions.subscribe(view, by=people["officer"], is_subscribed=True)
    lose(people["officer"])
    assert actions.send_weekly(date(2026, 11, 30)) == 0


@pytest.mark.parametrize("token", ["x", "a" * 43, "é" * 43])
def test_a_guessed_link_is_not_found(desk, people, token):
    shared(saved(desk, people), people, is_shared=True)
    assert desk.get(f"/vues/{token}/").status_code == 404


# Older lists


def kept(people, key, query, *, directorate=None, by="officer"):
    listed = lists()[key]
    view = actions.save_view(listed, people.term, by=people[by], name=key, query=query)
    actions.share_view(view, by=people[by], is_shared=True, directorate=directorate)
    view.refresh_from_db()
    return view


ADDRESSES = {
    "members": "/bureau/membres/",
    "sittings": "/bureau/seances/",
    "referrals": "/bureau/saisines/",
    "opinions": "/bureau/avis-citoyens/",
    "answers": "/bureau/reponses/",
    "follow-ups": "/bureau/suites/",
    "persons": "/bureau/annuaire/",
    "suggestions": "/bureau/auto-saisines/",
}
OF_THE_LEAD = {"accounts": "/bureau/equipe/", "directorates": "/bureau/directions/"}


def test_every_older_list_keeps_its_address_and_mails_it(desk, people):
    MandateFactory(term=people.term, member__person__first_name="Rosa")
    SittingFactory(term=people.term, title="Plénière")
    public_one(people)
    ContactFactory(assembly=people.assembly, person__last_name="Zuber")
    ReferralFactory(term=people.term, own=True, title="Une voie verte")
    bodies = {}
    for key, address in ADDRESSES.items():
        assert f'href="/bureau/vues/{key}/"' in desk.get(address).text
        page = f"/bureau/vues/{key}/?q=x&apres=3"
        assert f"{address}?q=x" in desk.get(page).text
        assert desk.post(page, {"name": f"Vue {key}"}).status_code == 302
        view = SavedView.objects.get(list_key=key)
        assert (view.query, view.term) == ("q=x", people.term)
        assert desk.get(f"/vues/{view.token}/").headers["Location"] == f"{address}?q=x"
        SavedView.objects.update(query="")
        view.refresh_from_db()
        actions.subscribe(view, by=people["officer"], is_subscribed=True)
    assert actions.send_weekly(date(2026, 11, 30)) == len(ADDRESSES)
    for delivery in Delivery.objects.select_related("distribution"):
        bodies[delivery.distribution.title] = email_message(delivery).body
    assert {title: "- " in body for title, body in bodies.items()} == {f"Vue {key}": True for key in ADDRESSES}
    assert "Rosa" in bodies["Vue members"]
    assert "Zuber" in bodies["Vue persons"]
    assert "Une voie verte" in bodies["Vue suggestions"]
    lose(people["officer"])
    assert {SavedViewMessage().mailbox(delivery) for delivery in Delivery.objects.all()} == {None}


def test_a_lead_keeps_accounts_and_directorates_and_no_address_is_mailed(people):
    lead, directorate = StrictClient().enter(people.ready(people["lead"])), people.directorate
    shown = {}
    for key, address in OF_THE_LEAD.items():
        assert f'href="/bureau/vues/{key}/"' in lead.get(address).text
        query = "role=officer" if key == "accounts" else "q=x"
        assert lead.post(f"/bureau/vues/{key}/?{query}", {"name": key}).status_code == 302
        view = SavedView.objects.get(list_key=key)
        assert lead.get(f"/vues/{view.token}/").headers["Location"] == f"{address}?{query}"
        actions.subscribe(view, by=people["lead"], is_subscribed=True)
    officer = people["officer"]
    assert actions.send_weekly(date(2026, 11, 30)) == 2
    for delivery in Delivery.objects.select_related("distribution"):
        shown[delivery.distribution.title] = email_message(delivery).body
    assert officer.person.full_name in shown["accounts"]
    assert officer.email not in shown["accounts"]
    assert people["lead"].person.full_name not in shown["accounts"].partition("- ")[2]
    assert directorate.name in shown["directorates"]
    reader = StrictClient().enter(people.ready(officer))
    assert {reader.get(f"/bureau/vues/{key}/").status_code for key in OF_THE_LEAD} == {403}


def test_a_directorate_reads_of_an_older_list_only_its_own_rows(people):
    opinion = opinion_of(people)
    ours, theirs = (public_one(people, number, opinion).case for number in (1, 2))
    FollowUp.objects.filter(case=theirs).update(directorate=None)
    AnswerCase.objects.filter(pk=theirs.pk).update(directorate=None)
    view = kept(people, "follow-ups", "", directorate=people.directorate)
    agent = StrictClient().enter(people.ready(people["dir_contact"]))
    page = agent.get(f"/vues/{view.token}/").text
    assert (ours.title in page, theirs.title in page) == (True, False)
    assert "/bureau/" not in page
    lose(people["officer"])
    assert agent.get(f"/vues/{view.token}/").status_code == 404


def test_names_of_members_are_shared_with_no_directorate(desk, people):
    with pytest.raises(PermissionDenied):
        kept(people, "members", "", directorate=people.directorate)
    view = SavedView.objects.get()
    SavedView.objects.update(directorate=people.directorate)  # past the action
    agent = StrictClient().enter(people.ready(people["dir_contact"]))
    assert agent.get(f"/vues/{view.token}/").status_code == 404
    assert "directorate" not in desk.get(f"/bureau/vues/{view.pk}/").context["form"].fields


def test_a_view_of_one_term_is_not_offered_in_another(people):
    kept(people, "referrals", "")
    other = TermFactory(another=True)
    listed = lists()["referrals"]
    assert len(queries.views_of(listed, people["officer"], people.term)) == 1
    assert queries.views_of(listed, people["officer"], other) == []
    assert lists()["partners"].by_term is False


def test_a_file_says_its_filters_its_day_and_who_made_it(desk, people):
    notes = [
        line
        for line in desk.get(f"{reverse('consultations:export')}?state=issued").content.decode().splitlines()
        if line.startswith(('"# ', "# "))
    ]
    assert len(notes) == 3
    assert "Saisines" in notes[0]
    assert "État" in notes[1]
    assert people["officer"].get_full_name() in notes[2]


def test_filters_that_are_too_long_are_refused_and_never_cut(desk):
    words = "q=" + "mot+" * 300 + "&type=association"
    refused = desk.post(f"/bureau/vues/partners/?{words}", {"name": "Associations"})
    assert refused.status_code == 422
    assert "Ces filtres sont trop longs pour être gardés" in refused.content.decode()
    assert not SavedView.objects.exists()


def test_odd_addresses_and_names_are_no_error(desk):
    for address in ("inconnue/", "99999999999999999999/", "0/"):
        assert desk.get(f"/bureau/vues/{address}").status_code == 404
    page = "/bureau/vues/sittings/?" + "&".join(f"q={'é' * 90}" for _ in range(9))
    assert desk.post(page, {"name": "a\0b"}).status_code in (400, 422)
    assert desk.post(page, {"name": "x" * 81}).status_code == 422
    assert desk.post(page, {"name": "Longue"}).status_code == 422
    assert not SavedView.objects.exists()
    assert desk.get("/bureau/vues/sittings/?tri=%00&body=%ED%A0%80").status_code == 400
