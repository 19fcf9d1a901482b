"""Rows entered one after the other: duplicated, added again, with what was chosen last."""

import re
from datetime import date

import pytest
from django.urls import reverse

from mission.contracts.models import ContractOrder
from mission.partners.models import Partner
from tests.factories.institution import AssemblyFactory
from tests.factories.mission import ContractFactory, LegalItemFactory, PartnerFactory
from tests.factories.support import SupportRequestFactory

NEW = "/bureau/mission/partenaires/nouveau/"
TAB = re.compile(r'<li>\s*<a href="([^"]+)"( aria-current="page")?>\s*([^<]+?)\s*</a>')
RIGHT = {"name": "CDCA", "kind": "network", "topics": "eau"}


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def test_a_row_is_duplicated_without_its_state_its_reference_and_its_days(desk, people):
    row = PartnerFactory(
        name="Foyer rural",
        kind="state",
        email="foyer@example.org",
        topics=["eau"],
        owner=people["lead"],
        state="active",
    )
    Partner.objects.filter(pk=row.pk).update(due_on=date(2027, 3, 1), reference="PA-2026-07")
    assert f"{NEW}?copie={row.pk}" in desk.get(reverse("mission:partners-row", args=[row.pk])).content.decode()
    form = desk.get(NEW, {"copie": row.pk}).context["form"]
    shown = {name: form[name].value() for name in ("name", "kind", "email", "topics", "owner", "due_on")}
    assert shown == {
        "name": "Foyer rural",
        "kind": "state",
        "email": "foyer@example.org",
        "topics": "eau",
        "owner": people["lead"].pk,
        "due_on": None,
    }
    assert (desk.post(f"{NEW}?copie={row.pk}", RIGHT | {"name": "Foyer rural 2"}).status_code) == 302
    copy = Partner.objects.get(name="Foyer rural 2")
    assert copy.state == "to_contact"
    assert copy.reference not in ("", "PA-2026-07")


def test_what_is_of_one_row_alone_is_not_duplicated(desk, people):
    act = LegalItemFactory(name="Marché", number="2026-31", document="https://example.org/acte")
    asked = SupportRequestFactory(advice="Un atelier par canton.")
    forms = {
        key: desk.get(reverse(f"mission:{key}-new"), {"copie": row.pk})
        for key, row in [("legal", act), ("support", asked)]
    }
    legal, support = (forms[key].context["form"] for key in ("legal", "support"))
    assert [legal[name].value() for name in ("name", "number", "document")] == ["Marché", None, None]
    assert [support[name].value() for name in ("need", "advice")] == [asked.need, None]


@pytest.mark.parametrize("key", ["elsewhere", "0", "²", "9" * 30, "x", ""])
def test_only_a_row_that_one_sees_is_duplicated(desk, people, key):
    other = PartnerFactory(assembly=AssemblyFactory(second=True))
    assert desk.get(NEW, {"copie": other.pk if key == "elsewhere" else key}).status_code == 404


def test_after_a_row_the_next_one_begins_with_what_was_chosen(desk, people):
    PartnerFactory(topics=["air"], owner=people["lead"], created_by=people["lead"])  # somebody else’s
    assert desk.get(NEW).context["form"]["owner"].value() == people["officer"].pk
    values = RIGHT | {"owner": people["lead"].pk, "encore": "1"}
    answer = desk.post(NEW, values)
    assert answer.url == NEW
    page = desk.get(NEW)
    form = page.context["form"]
    assert {name: form[name].value() for name in ("name", "kind", "topics", "owner")} == {
        "name": None,
        "kind": None,
        "topics": "eau",
        "owner": people["lead"].pk,
    }
    assert "Enregistrer et ajouter un autre" in page.content.decode()
    assert desk.post(NEW, RIGHT | {"name": "Autre"}).url.endswith(f"/{Partner.objects.get(name='Autre').pk}/")


def test_lines_are_added_one_after_the_other(desk, people):
    contract = ContractFactory(created_by=people["officer"])
    add = reverse("mission:contracts-line-add", args=[contract.pk, "lots"])
    assert "Enregistrer et ajouter un autre" in desk.get(add).content.decode()
    assert desk.post(add, {"title": "Repas", "ceiling": "1000", "encore": "1"}).url == add
    orders = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
    lot = contract.lots.get()
    order = {"title": "Buffet", "lot": lot.pk, "amount": "250", "ordered_on": "2026-03-02"}
    assert desk.post(orders, order | {"encore": "1"}).url == orders
    form = desk.get(orders).context["form"]
    assert (form["lot"].value(), form["title"].value(), form["amount"].value()) == (lot.pk, None, None)
    assert ContractOrder.objects.count() == 1


def test_the_lists_of_the_watch_are_tabs_of_one_menu_line(desk):
    def tabs(name):
        page = desk.get(reverse(name)).content.decode()
        menu, main = page.split("<main")
        assert "Sources de veille" not in menu.split("<body")[1]
        return TAB.findall(main)

    addresses = [reverse(f"mission:{name}") for name in ("watch", "sources", "digests")]
    labels = ["Veille", "Sources de veille", "Lettres de veille"]
    for name, own in zip(("watch", "sources", "digests"), addresses, strict=True):
        assert [(url, text) for url, _mark, text in tabs(f"mission:{name}")] == list(
            zip(addresses, labels, strict=True)
        )
        assert [url for url, mark, _text in tabs(f"mission:{name}") if mark] == [own]
    assert tabs("mission:partners") == []


def test_a_list_of_ten_rows_has_no_board(desk):
    for number in range(10):
        PartnerFactory(name=f"P{number}")
    assert "Voir par état" not in desk.get(reverse("mission:partners")).content.decode()
    PartnerFactory(name="Onzième")
    assert "Voir par état" in desk.get(reverse("mission:partners")).content.decode()
