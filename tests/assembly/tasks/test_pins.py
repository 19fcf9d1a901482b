"""Pinned pages: five a person, in the menu of the desk, gone with a role and with the person they are about."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assembly.identity import actions as identity
from assembly.identity.personal_data import registry
from assembly.identity.queries import stored_about
from assembly.institution.actions import roles
from assembly.institution.models import Term
from assembly.tasks.models import Pin
from assembly.tasks.queries import pins_of
from assembly.web.templatetags.ui import nbsp
from tests.browsing import StrictClient
from tests.factories.institution import RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory

ADD, LIST = "/bureau/epingles/ajouter/", "/bureau/epingles/"
MENU_PAGES = [f"/bureau/{page}/" for page in ("seances", "saisines", "membres", "semaine", "comites", "reponses")]


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def enter(people, role):
    return StrictClient().enter(people.ready(people[role]))


def pins_shown(page):
    """Return the addresses below « Épinglés » in a page."""
    group = re.search(r'<div class="pins".*?</div>', page.content.decode(), re.DOTALL)
    return re.findall(r'<li>\s*<a href="([^"]+)"', group[0]) if group else []


def pin(desk, page, subject=""):
    answer = desk.post(ADD, {"page": page, "subject": subject})
    assert (answer.status_code, answer.headers.get("Location")) == (302, page)


def test_a_page_of_the_menu_and_an_object_are_pinned_and_unpinned(desk, people):
    sitting = SittingFactory(term=people.term)
    page = f"/bureau/seances/{sitting.pk}/"
    assert "Épingler cette page" in desk.get(page).content.decode()
    pin(desk, page, f"sittings.Sitting:{sitting.pk}")
    pin(desk, "/bureau/membres/")
    shown = desk.get("/bureau/semaine/")
    assert pins_shown(shown) == [page, "/bureau/membres/"]
    assert nbsp(sitting.title) in shown.content.decode()
    html = desk.get(page).content.decode()
    assert "Retirer l’épingle" in html
    assert "Épingler cette page" not in html
    removed = desk.post(f"/bureau/epingles/{Pin.objects.get(path=page).pk}/retirer/", {"retour": page})
    assert removed.headers["Location"] == page
    assert pins_shown(desk.get(page)) == ["/bureau/membres/"]


def test_the_tabs_of_one_object_are_one_pin(desk, people):
    sitting = SittingFactory(term=people.term)
    subject = f"sittings.Sitting:{sitting.pk}"
    pin(desk, f"/bureau/seances/{sitting.pk}/", subject)
    pin(desk, f"/bureau/seances/{sitting.pk}/compte-rendu/", subject)
    assert Pin.objects.count() == 1
    assert "Retirer l’épingle" in desk.get(f"/bureau/seances/{sitting.pk}/compte-rendu/").content.decode()


def test_filters_of_a_list_are_no_part_of_its_pin(desk):
    pin(desk, "/bureau/membres/?etat=active")
    assert Pin.objects.get().path == "/bureau/membres/"
    assert "Retirer l’épingle" in desk.get("/bureau/membres/?etat=active").content.decode()


def test_a_sixth_page_is_refused_with_the_five_beside_it(desk):
    for page in MENU_PAGES[:5]:
        pin(desk, page)
    answer = desk.post(ADD, {"page": MENU_PAGES[5], "subject": ""})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Cinq pages sont déjà épinglées" in html
    assert f'href="{MENU_PAGES[5]}"' in html
    assert html.count("Retirer «") == 5
    assert "Cinq pages sont épinglées." in desk.get(MENU_PAGES[5]).content.decode()
    freed = Pin.objects.get(path=MENU_PAGES[1])
    desk.post(f"/bureau/epingles/{freed.pk}/retirer/", {"retour": ""})
    pin(desk, MENU_PAGES[5])
    assert Pin.objects.get(path=MENU_PAGES[5]).place == freed.place


def test_pins_are_ones_own(desk, people):
    pin(desk, "/bureau/membres/")
    colleague = enter(people, "lead")
    assert pins_shown(colleague.get("/bureau/membres/")) == []
    assert colleague.post(f"/bureau/epingles/{Pin.objects.get().pk}/retirer/").status_code == 404
    assert "Aucune page n’est épinglée" in colleague.get(LIST).content.decode()
    assert Pin.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "subject"),
    [
        ("/bureau/", ""),
        ("/bureau/taches/", ""),
        ("/avis/", ""),
        ("https://example.org/bureau/membres/", ""),
        ("/bureau/membres/", "identity.Person:999999999"),
        ("/bureau/membres/", "sittings.Sitting:9223372036854775808"),
        ("/bureau/membres/", "x:1"),
        ("/bureau/" + "x" * 400, ""),
        ("", ""),
    ],
)
def test_what_is_no_page_of_the_desk_is_not_pinned(desk, page, subject):
    assert desk.post(ADD, {"page": page, "subject": subject}).status_code == 404
    assert desk.post(ADD, {"page": "/bureau/membres/\x00", "subject": ""}).status_code in (400, 404)
    assert not Pin.objects.exists()


def test_what_the_reader_does_not_see_is_not_pinned(desk):
    foreign = SittingFactory(term__another=True, term__assembly__second=True)
    answer = desk.post(ADD, {"page": f"/bureau/seances/{foreign.pk}/", "subject": f"sittings.Sitting:{foreign.pk}"})
    assert answer.status_code == 404


def test_the_database_refuses_a_sixth_place_and_a_second_pin(desk, people):
    columns = {"term": people.term, "user": people["officer"], "page_title": "Membres", "path": "/bureau/membres/"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.create(place=6, **columns)
    Pin.objects.create(place=1, **columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.create(place=2, **columns)


def test_pages_of_a_reader_without_pins_read_none(desk, people, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert pins_of(people["officer"]) == []
    pin(desk, "/bureau/membres/")
    desk.post(f"/bureau/epingles/{Pin.objects.get().pk}/retirer/", {"retour": ""})
    people["officer"].refresh_from_db()
    with django_assert_num_queries(0):
        assert pins_of(people["officer"]) == []


def test_pins_end_with_the_role_that_read_them(desk, people):
    agent = people["officer"]
    second = RoleAssignmentFactory(user=agent, role="lead", assembly=people.assembly, term=people.term)
    pin(desk, "/bureau/membres/")
    roles.end(second, by=people["lead"])
    assert Pin.objects.exists()
    roles.end(agent.roles.get(ended_at=None), by=people["lead"])
    assert not Pin.objects.exists()


def test_the_pin_of_a_persons_page_goes_with_them(desk, people):
    mandate = MandateFactory(term=people.term)
    pin(desk, f"/bureau/membres/{mandate.pk}/", f"members.Mandate:{mandate.pk}")
    pin(desk, "/bureau/comites/")
    assert "Les pages que vous avez épinglées" in {str(row["name"]) for row in stored_about(people["officer"].person)}
    identity.erase(mandate.member.person, by=people["dpo"])
    assert [row.path for row in Pin.objects.all()] == ["/bureau/comites/"]


def test_the_pin_of_a_persons_page_ends_with_the_months_of_the_setting(desk, people):
    mandate = MandateFactory(term=people.term)
    pin(desk, f"/bureau/membres/{mandate.pk}/", f"members.Mandate:{mandate.pk}")
    assert not registry.retentions["tasks.pins"].find(timezone.now()).exists()
    Term.objects.filter(pk=people.term.pk).update(ends_on=timezone.localdate() + timedelta(days=200))
    later = timezone.now() + timedelta(days=600)
    for row in registry.retentions["tasks.pins"].find(later):
        registry.retentions["tasks.pins"].apply(row)
    assert not Pin.objects.exists()
