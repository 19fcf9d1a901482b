"""The member's room: see, correct, agree, ask; nobody else's."""

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.web import pagination
from members.models import AccommodationNeed, CharterAcceptance, ImageConsent, Mandate, NameChangeRequest
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.members import AccommodationNeedFactory, CharterVersionFactory, MandateFactory, mandate_of
from tests.growth import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate(people):
    return mandate_of(people)


@pytest.fixture
def browser(mandate, signed_in):
    return signed_in("member")


def test_my_page_shows_what_is_held(browser, mandate):
    AccommodationNeedFactory(member=mandate.member)
    CommitteeMembershipFactory(person=mandate.member.person)
    html = browser.get("/espace/moi/").content.decode()
    for word in (mandate.member.person.email, mandate.member.canton.name, "langue des signes", "Groupe"):
        assert word in html
    assert Entry.objects.count() == 0


def test_phone_address_and_channel_change_at_once_the_rest_does_not(browser, mandate):
    sent = {"channel": "paper", "phone": "06 39 98 00 00", "address": "3 rue du Moulin", "postcode": "31190"}
    sent |= {"city": "Auterive", "email": "autre@example.org", "first_name": "X", "gender": "M", "birth_year": "1900"}
    assert browser.post("/espace/moi/contact/", sent).status_code == 302
    before = mandate.member.person
    mandate.member.refresh_from_db()
    person = mandate.member.person
    assert (person.channel, person.phone, person.city) == ("paper", "06 39 98 00 00", "Auterive")
    assert (person.email, person.first_name) == (before.email, before.first_name)
    assert (mandate.member.gender, mandate.member.birth_year) == ("F", 1970)
    entry = Entry.objects.get()
    assert (entry.event_type, entry.dossier_id) == ("member.corrected", str(mandate.pk))
    assert "rue du Moulin" not in entry.canonical


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"channel": "paper", "address": "", "city": ""}, "adresse et une commune"),
        ({"channel": "email", "postcode": "31"}, "cinq chiffres"),
        ({"channel": "pigeon"}, "Sélectionnez"),
    ],
)
def test_a_wrong_contact_is_explained_and_kept(sent, word, browser, mandate):
    refused = browser.post("/espace/moi/contact/", {"phone": "06 39 98 00 77", **sent})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert word.lower() in html.lower() or "valide" in html
    assert "06 39 98 00 77" in html
    assert Entry.objects.count() == 0


def test_a_name_waits_for_the_team(browser, mandate, signed_in):
    browser.post("/espace/moi/nom/", {"first_name": "Rosa", "last_name": "Vidal"})
    mandate.member.person.refresh_from_db()
    assert mandate.member.person.last_name != "Vidal"
    desk = signed_in("officer")
    asked = NameChangeRequest.objects.get()
    assert "Rosa Vidal" in desk.get(reverse("members:member-page", args=[mandate.pk])).content.decode()
    url = reverse("members:member-name", args=[mandate.pk, asked.pk, "confirmer"])
    assert desk.post(url).status_code == 302
    mandate.member.person.refresh_from_db()
    assert mandate.member.person.full_name == "Rosa Vidal"
    assert desk.post(url).status_code == 409


def test_a_name_refused_stays(browser, mandate, signed_in):
    browser.post("/espace/moi/nom/", {"first_name": "Rosa", "last_name": "Vidal"})
    browser.post("/espace/moi/nom/", {"first_name": "Rosalie", "last_name": "Vidal"})
    asked = NameChangeRequest.objects.get()
    assert asked.first_name == "Rosalie"
    signed_in("lead").post(reverse("members:member-name", args=[mandate.pk, asked.pk, "refuser"]))
    mandate.member.person.refresh_from_db()
    assert mandate.member.person.last_name != "Vidal"


def test_measures_are_added_once_and_taken_back(browser, mandate):
    browser.post("/espace/moi/mesures/", {"kind": "childcare", "measure": "deux enfants"})
    again = browser.post("/espace/moi/mesures/", {"kind": "childcare"})
    assert (again.status_code, "déjà notée" in again.content.decode()) == (422, True)
    need = AccommodationNeed.objects.get()
    other = AccommodationNeedFactory(member=MandateFactory().member)
    assert browser.post(f"/espace/moi/mesures/{other.pk}/retirer/").status_code == 404
    browser.post(f"/espace/moi/mesures/{need.pk}/retirer/")
    browser.post(f"/espace/moi/mesures/{need.pk}/retirer/")
    need.refresh_from_db()
    other.refresh_from_db()
    assert (need.ends_on is not None, other.ends_on) == (True, None)
    assert list(Entry.objects.order_by("pk").values_list("event_type", flat=True)) == ["need.recorded", "need.ended"]
    assert "deux enfants" not in "".join(Entry.objects.values_list("canonical", flat=True))


def test_image_is_answered_use_by_use_and_may_change(browser, mandate):
    browser.post("/espace/moi/image/", {"website": "oui", "press": "non"})
    browser.post("/espace/moi/image/", {"website": "oui", "press": "oui"})
    rows = list(ImageConsent.objects.order_by("pk").values_list("use", "is_given", "channel", "recorded_by"))
    assert rows == [
        ("website", True, "online", None),
        ("press", False, "online", None),
        ("press", True, "online", None),
    ]


def test_the_charter_is_accepted_once(browser, mandate):
    version = CharterVersionFactory(term=mandate.term)
    assert "Cochez" in browser.post("/espace/moi/charte/", {}).content.decode()
    browser.post("/espace/moi/charte/", {"accept": "on"})
    browser.post("/espace/moi/charte/", {"accept": "on"})
    row = CharterAcceptance.objects.get()
    assert (row.version, row.channel, row.recorded_by) == (version, "online", None)
    assert Entry.objects.filter(event_type="charter.accepted").count() == 1


def test_the_public_directory_holds_public_identities_only(browser, mandate):
    for name, traits in [("Rosa", {}), ("Partie", {"ended": True}), ("Pause", {"suspended": True})]:
        MandateFactory(member__person__first_name=name, member__person__last_name="Rouquette", **traits)
    html = browser.get("/espace/membres/").content.decode()
    assert "Rosa R." in html
    assert mandate.member.person.email not in html
    for word in ("Rouquette", "Partie", "Pause"):
        assert word not in html
    assert "Rosa R." not in browser.get("/espace/membres/", {"q": "rouquette"}).content.decode()
    assert "Rosa R." in browser.get("/espace/membres/", {"q": "ROSA"}).content.decode()


@pytest.mark.parametrize("more", [3, 9])
def test_a_long_directory_comes_in_pages(browser, mandate, more, monkeypatch):
    monkeypatch.setattr(pagination, "WHOLE_LIST", 3)
    for at in range(more):
        MandateFactory(member__person__first_name=f"Rosa{at}", member__person__last_name="Rouquette")
    with made(Mandate) as rows:
        html = browser.get("/espace/membres/").content.decode()
    assert len(rows) <= 5
    assert f"{more + 1} membres" in html
    found, path = set(), "/espace/membres/"
    while path:
        page = browser.get(path)
        found |= {row.pk for _canton, group in page.context["cantons"] for row in group}
        after = page.context["page"].after
        path = f"/espace/membres/?apres={after}" if after else ""
    assert len(found) == more + 1


def test_a_term_of_ordinary_size_is_one_page(browser, mandate):
    MandateFactory()
    assert 'class="pager"' not in browser.get("/espace/membres/").content.decode()


def test_an_ended_member_sees_nothing(people, signed_in):
    mandate_of(people)
    stranger = signed_in("stranger")
    for path in ("/espace/moi/", "/espace/membres/", "/espace/moi/contact/"):
        assert stranger.get(path).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_statements(count, browser, mandate, django_assert_num_queries):
    for _ in range(count):
        MandateFactory()
        CommitteeMembershipFactory(person=mandate.member.person)
    AccommodationNeedFactory(member=mandate.member)
    browser.get("/espace/moi/")
    with django_assert_num_queries(10):
        browser.get("/espace/moi/")
    with django_assert_num_queries(5):
        browser.get("/espace/membres/")
