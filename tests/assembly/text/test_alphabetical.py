"""Names stand in the order of a dictionary: in PostgreSQL and in Python by one key, and in every list of the house."""

import ast
import re
import sys

import pytest
from django.apps import apps
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from assembly.identity.models import Person
from assembly.institution.models import Directorate
from assembly.lists import Column, Table
from assembly.text.french import alphabetical
from mission.partners.models import Partner
from mission.registers.declaration import registers
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import AssemblyFactory, DirectorateFactory
from tests.factories.mission import PartnerFactory
from tests.test_architecture import name as path_name, sources

APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
ORDERS = re.compile("^ordering$|_ORDER$")
OURS = tuple(f"{app}." for app in APPS)
# Words of text that no reader looks for by its letters: codes, addresses, keys of the machine, keys of sorting.
NO_NAMES = {"key", "cell", "breakdown", "pseudonym", "sort_name", "round", "slug", "code"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Élan", "elan"),
        ("de Boysson", "de boysson"),
        ("L’Œuvre d'Anaïs", "l oeuvre d anais"),
        ("Haute-Garonne", "haute garonne"),
        ("« Bien vieillir »", "bien vieillir "),
        ("Cœur & Straße", "coeur & strasse"),
        ("MICHAŁOWSKI Ærø", "michalowski aero"),
        ("Nguyễn", "nguyen"),
        ("e\u0301te\u0301", "ete"),
        ("PL-2026-2", "pl 000000002026 000000000002"),
        ("Lot 007, 0", "lot 000000000007, 000000000000"),
        ("SIRET 12345678901234", "siret 12345678901234"),
        (f"1{'0' * 30} 3", f"1{'0' * 30} 000000000003"),
        (f"{'0' * 15}12", "000000000012"),
    ],
)
@pytest.mark.django_db
def test_python_and_postgresql_make_the_same_key(written, key):
    assert alphabetical(written) == key
    with connection.cursor() as cursor:
        cursor.execute("SELECT alphabetical(%s)", [written])
        assert cursor.fetchone() == (key,)


@pytest.mark.django_db
def test_people_are_found_in_the_order_of_their_names_whatever_the_apostrophe():
    for last in ("Zuber", "d’Almeida", "Élie", "d'Alès", "de Boysson", "Dubois", "Eaux"):
        PersonFactory(last_name=last, first_name="A")
    wanted = ["d'Alès", "d’Almeida", "de Boysson", "Dubois", "Eaux", "Élie", "Zuber"]
    assert [person.last_name for person in Person.objects.all()] == wanted


@pytest.mark.django_db
def test_references_stand_in_the_order_of_their_numbers():
    for number in (10, 9, 2, 101, 100):
        PartnerFactory(reference=f"PA-2026-{number}")
    listed = Partner.objects.order_by(*registers["partners"].listing.sortable["reference"])
    assert [row.reference[8:] for row in listed] == ["2", "9", "10", "100", "101"]
    assert sorted(["PL-2026-10", "PL-2026-2"], key=alphabetical) == ["PL-2026-2", "PL-2026-10"]


@pytest.mark.django_db
def test_directorates_stand_by_name_without_being_asked_to():
    assembly = AssemblyFactory()
    for name in ("Zones humides", "Écoles", "eau", "L’Autonomie", "L'Aménagement", "Œuvres sociales", "Nature"):
        DirectorateFactory(assembly=assembly, name=name)
    wanted = ["eau", "Écoles", "L'Aménagement", "L’Autonomie", "Nature", "Œuvres sociales", "Zones humides"]
    assert [row.name for row in Directorate.objects.filter(assembly=assembly)] == wanted


@pytest.mark.django_db
def test_pages_of_a_list_follow_one_another_in_that_order():
    assembly = AssemblyFactory()
    for name in ("Zoo", "Élan", "eau", "Abri", "Élan"):
        DirectorateFactory(assembly=assembly, name=name)
    shown = Table(
        "Directions", [Column("Nom", "name", key="nom", order=["name__alphabetical"])], default="nom", size=2
    )
    rows, seen, query = Directorate.objects.filter(assembly=assembly), [], {}
    while True:
        page = shown.page(RequestFactory().get("/", query), rows).page
        seen += [row.name for row in page]
        if page.after is None:
            break
        query = {"apres": page.after}
    assert seen == ["Abri", "eau", "Élan", "Élan", "Zoo"]
    back = shown.page(RequestFactory().get("/", {"avant": page.before}), rows).page
    assert [row.name for row in back] == ["Élan", "Élan"]


@pytest.mark.django_db
def test_ten_thousand_partners_by_name_are_read_from_the_index_not_sorted():
    assembly, user = AssemblyFactory(), UserFactory()
    Partner.objects.bulk_create(
        Partner(
            assembly=assembly,
            reference=f"PA-{rank}",
            name=f"Élan {rank * 7919 % 10_000}",
            kind="network",
            created_by=user,
            changed_by=user,
        )
        for rank in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mission_partner")
    rows = Partner.objects.filter(assembly=assembly).order_by("name__alphabetical", "pk")[:26]
    plan = rows.explain()
    assert "Index Scan using partner_by_name" in plan
    assert "Sort" not in plan


def columns_of_text() -> set[str]:
    """Return the columns of free text whose name is not used for another type in another model."""
    text, other = set(), set()
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.concrete_fields:
                is_text = field.get_internal_type() in {"CharField", "TextField"} and not field.choices
                (text if is_text else other).add(field.name)
    return text - other - NO_NAMES


def is_raw(path: str, text: set[str]) -> bool:
    return re.split("__", path.lstrip("-"))[-1] in text


def written_orders(tree):
    """Return each string that names a sort order, with its line."""
    for node in ast.walk(tree):
        told = []
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "order_by":
                told += node.args
            told += [one.value for one in node.keywords if one.arg in {"order", "orders", "ordering"}]
        if isinstance(node, ast.Assign) and any(ORDERS.search(getattr(one, "id", "")) for one in node.targets):
            told.append(node.value)
        for value in told:
            for one in ast.walk(value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value, one.lineno


def test_no_query_sorts_by_the_bytes_of_a_name():
    text, found = columns_of_text(), []
    assert {"name", "title", "last_name", "territory"} <= text
    for path in sources(*APPS):
        for order, line in written_orders(ast.parse(path.read_text(encoding="utf-8"))):
            if is_raw(order, text):
                found.append(f"{path_name(path)}:{line}: {order}")
    assert found == [], "sort by « …__alphabetical »"


def test_no_model_sorts_by_the_bytes_of_a_name():
    text = columns_of_text()
    raw = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for order in model._meta.ordering
        if isinstance(order, str) and is_raw(order, text)
    }
    assert raw == set()


def lists():
    """Return every list that a module declares, and every register."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(OURS):
            for value in list(vars(module).values()):
                if isinstance(value, Table):
                    yield f"{name}: {value.title}", value
    for register in registers.values():
        yield f"register {register.key}", register.listing


def test_no_list_and_no_register_sorts_by_the_bytes_of_a_name():
    assert reverse("portal:home")  # every module of pages is loaded
    text, known = columns_of_text(), dict(lists())
    assert {"register partners", "register people"} <= known.keys()
    assert len(known) > 30
    raw = [
        f"{name}, {key}: {order}"
        for name, shown in known.items()
        for key, orders in shown.sortable.items()
        for order in orders
        if is_raw(order, text)
    ]
    assert raw == []
