"""The journal as it is read: the panel, the screen, its filters and its pages, the published head."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.actions import publish_head, record
from assembly.audit.lines import bursts, journal_lines
from assembly.audit.models import Head, Link
from assembly.audit.tasks import publish_journal_head
from assembly.identity.actions import suspend
from assembly.search.actions import index
from assembly.search.registry import source_of
from tests.factories.identity import UserFactory
from tests.factories.institution import CommitteeFactory, RoleAssignmentFactory, TermFactory
from tests.factories.notifications import DistributionFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db


def links_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def write(people, verb="term.created", count=1, **facts):
    with transaction.atomic():
        return [record(verb, people.term, by=people["lead"], **facts) for _ in range(count)]


def test_the_screen_names_authors_and_filters_by_the_address(signed_in, people):
    write(people)
    write(people, verb="term.closed", detail="fin des travaux")
    browser = signed_in("lead")
    name = people["lead"].person.full_name
    page = browser.get(reverse("institution:journal")).content.decode()
    assert name in page
    assert "a créé la mandature" in page
    assert "fin des travaux" in page
    only = browser.get(reverse("institution:journal"), {"geste": "term.closed", "auteur": name}).content.decode()
    assert "fin des travaux" in only
    assert "a créé la mandature</" not in only
    assert only.count("Historique\u00a0:") == 1
    assert "Aucune ligne" in browser.get(reverse("institution:journal"), {"auteur": "personne"}).content.decode()
    assert browser.get(reverse("institution:journal"), {"du": "n’importe quoi", "apres": "x"}).status_code == 200


def test_pages_follow_one_another_without_a_hole(signed_in, people):
    write(people, count=110)
    browser = signed_in("dpo")
    first = browser.get(reverse("institution:journal")).content.decode()
    after = first.split("apres=")[1].split('"')[0]
    second = browser.get(reverse("institution:journal"), {"apres": after}).content.decode()
    assert first.count("Historique\u00a0:") == 100
    assert second.count("Historique\u00a0:") == 10


def test_a_line_names_its_object_to_those_who_may_see_it(signed_in, people):
    sitting = SittingFactory(term=people.term, title="Plénière de mars", is_public=False)
    with transaction.atomic():
        record("sitting.archived", sitting, by=people["lead"])
        record("role.given", people["officer"].roles.get(), by=people["lead"], dossier=people["officer"])
    index(source_of("sitting"), [sitting.pk])
    page = signed_in("lead").get(reverse("institution:journal")).content.decode()
    assert f'<a href="{reverse("sittings:sitting", args=[sitting.pk])}">Plénière de mars</a>' in page
    assert f"({sitting.reference})" in page
    assert f'<a href="{reverse("institution:person", args=[people["officer"].pk])}">' in page
    outside = signed_in("admin").get(reverse("institution:journal")).content.decode()
    assert f"Historique\u00a0: séance nº\u00a0{sitting.pk}" in outside
    assert "Plénière de mars" not in outside
    assert people["officer"].person.full_name not in outside


def test_the_same_act_on_many_objects_in_one_go_is_one_line(signed_in, people):
    written = (
        write(people, count=4)
        + write(people, on_behalf_of=people["officer"].person)
        + write(people, verb="term.closed", count=2)
    )
    write(people, count=4)
    gone = timezone.now() + timedelta(hours=1)
    assert [len(burst.lines) for burst in bursts(journal_lines(reversed(written)))] == [1, 1, 5]
    page = signed_in("lead").get(reverse("institution:journal"))
    assert "<b>9 fois</b>" in page.content.decode()
    assert [len(burst.lines) for burst in page.context["bursts"]] == [9, 1, 1]
    with time_machine.travel(gone, tick=False):
        write(people, count=3)
    page = signed_in("lead").get(reverse("institution:journal"))
    assert [len(burst.lines) for burst in page.context["bursts"]] == [3, 9, 1, 1]
    csv = signed_in("lead").get(reverse("institution:journal-export"), {"geste": "term.created"})
    assert csv.content.decode().count("\n") == 1 + 12 + 3, "head, lines, note"


def test_another_assembly_is_read_by_its_own(signed_in, people):
    write(people)
    with transaction.atomic():
        record("term.closed", people.elsewhere("lead").roles.get().term, by=people.elsewhere("lead"))
    page = signed_in(people.elsewhere("dpo")).get(reverse("institution:journal")).content.decode()
    assert "a clos la mandature" in page
    assert "a créé la mandature" not in page.split("</form>")[-1]


def test_the_export_holds_what_the_filters_ask(signed_in, people):
    write(people)
    write(people, verb="term.closed", detail="=danger()")
    csv = signed_in("admin").get(reverse("institution:journal-export"), {"geste": "term.closed"}).content.decode()
    assert csv.count("\n") == 1 + 1 + 3, "head, line, note"
    assert "# Action\u00a0: A clos la mandature" in csv
    assert "'=danger()" in csv


def test_an_erased_person_is_named_no_more(signed_in, people):
    write(people)
    person = people["lead"].person
    type(person).objects.filter(pk=person.pk).update(anonymised_at="2026-01-01T00:00:00Z")
    page = signed_in("dpo").get(reverse("institution:journal")).content.decode()
    assert "Une personne effacée" in page


def test_the_panel_of_a_dossier_shows_ten_lines_then_a_page(signed_in, people):
    suspended = RoleAssignmentFactory(term=people.term).user
    suspend(suspended, by=people["lead"], reason="essai")
    browser = signed_in("lead")
    page = browser.get(reverse("institution:person", args=[suspended.pk])).content.decode()
    assert "Historique" in page
    assert "essai" in page
    write(people, count=12)
    whole = browser.get(reverse("institution:history", args=["institution.Term", people.term.pk])).content.decode()
    assert whole.count("a créé la mandature") == 12
    another = TermFactory(another=True)
    assert browser.get(reverse("institution:history", args=["institution.Term", another.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count, signed_in, people, django_assert_num_queries):
    """One for each kind of object: sittings in the index, accounts, committees, distributions; the term."""
    write(people, count=count)
    with transaction.atomic():
        for _ in range(count):
            made = SittingFactory(term=people.term), CommitteeFactory(term=people.term), UserFactory()
            for subject in (*made, DistributionFactory(assembly=people.assembly, term=people.term)):
                record("term.created", subject, by=people["lead"], dossier=people.term)
    browser = signed_in("lead")
    browser.get(reverse("institution:journal"))
    with django_assert_num_queries(10):
        browser.get(reverse("institution:journal"))


def test_the_head_is_published_once_an_hour_and_read_by_anybody(client, people):
    assert client.get(reverse("institution:journal-head")).json() == {
        "maillon": 0,
        "empreinte": None,
        "publiee": None,
    }
    write(people)
    links_now()
    publish_journal_head()
    publish_journal_head()
    assert publish_head() is None
    head, link = Head.objects.get(), Link.objects.order_by("-seq").first()
    assert (head.seq, head.hash) == (link.seq, link.hash)
    assert client.get(reverse("institution:journal-head")).json()["empreinte"] == link.hash
