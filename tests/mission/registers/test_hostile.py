"""What a hostile or unlucky reader sends to a register: odd bytes everywhere, another assembly, five thousand rows."""

import threading

import pytest
from django.db import close_old_connections, connection
from django.urls import reverse

from mission.partners.models import Partner
from mission.registers import actions
from mission.registers.declaration import registers
from mission.support.models import SupportRequest
from tests.factories.institution import AssemblyFactory, RoleAssignmentFactory
from tests.factories.mission import LegalItemFactory, PartnerFactory
from tests.factories.support import SupportRequestFactory
from tests.growth import made
from tests.mission.example import EXAMPLES
from tests.turns import DAY, SHARES

ODD = ["\x00", str(2**63), "-1", "\ud800", "9" * 400, "²", "\u202e", "0000-00-00", "' OR 1=1 --", "<b>"]
WORST = ["\x00", str(2**63), "\ud800"]
# Every eighth register, another eighth each day of commits (tests/turns.py); the others in `--all`.
SOME_EACH_DAY = [
    key if number % SHARES == DAY % SHARES else pytest.param(key, marks=pytest.mark.long)
    for number, key in enumerate(EXAMPLES)
]
FILTERS = (
    "q",
    "etat",
    "echeance",
    "type",
    "theme",
    "canton",
    "nature",
    "renouvellement",
    "tri",
    "apres",
    "avant",
    "col",
)


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def quoted(value):
    return value.encode("utf-8", "surrogatepass")


def oddly(names):
    """Yield each of the worst values alone in each field, then each other value in all fields."""
    yield from ({name: quoted(value)} for name in names for value in WORST)
    yield from (dict.fromkeys(names, quoted(value)) for value in ODD)


@pytest.mark.parametrize("key", SOME_EACH_DAY)
def test_odd_values_in_every_filter(desk, people, key):
    EXAMPLES[key].any_row(people)
    for asked in oddly((*FILTERS, "vue", "format", "monter")):
        for page in ("", "-export"):
            status = desk.get(reverse(f"mission:{key}{page}"), asked).status_code
            assert status in (200, 400), (asked, status)


@pytest.mark.parametrize("key", SOME_EACH_DAY)
@pytest.mark.parametrize("page", ["new", "edit"])
def test_odd_values_in_every_field(desk, people, key, page):
    example = EXAMPLES[key]
    address = reverse(f"mission:{key}-{page}", args=[example.any_row(people).pk] if page == "edit" else [])
    for typed in oddly([*registers[key].field_names, "version"]):
        status = desk.post(address, {**example.values(people), "version": 1, **typed}).status_code
        assert status in (302, 400, 409, 422), (typed, status)


def test_odd_values_in_every_line(desk, people):
    example, row = EXAMPLES["partners"], PartnerFactory()
    for kind, data in example.lines.items():
        right = data(people)
        address = reverse("mission:partners-line-add", args=[row.pk, kind])
        for typed in oddly([*right, "ends_on", "renewed_every", "address", "email"]):
            status = desk.post(address, {**right, **typed}).status_code
            assert status in (302, 400, 422), (kind, typed, status)


@pytest.mark.parametrize("value", ODD)
def test_odd_values_of_links_steps_and_choices(desk, people, value):
    row, pk = PartnerFactory(), "mission:partners"
    sent = {
        reverse(f"{pk}-link-add", args=[row.pk]): {"end": quoted(value), "end-choix": quoted(value)},
        reverse(f"{pk}-step", args=[row.pk, "fusionner"]): {"into": quoted(value)},
        reverse(f"{pk}-step", args=[row.pk, "terminer"]): {"reason": quoted(value)},
        reverse(f"{pk}-chosen"): {"ligne": quoted(value), "acte": "engager"},
        reverse("saved_views:list", args=["partners"]): {"name": quoted(value)},
    }
    for address, data in sent.items():
        assert desk.post(address, data).status_code in (302, 400, 404, 409, 422), address


def test_nothing_of_another_assembly_shows(desk, people):
    ours, theirs = PartnerFactory(name="Ici"), PartnerFactory(name="Ailleurs", assembly=AssemblyFactory(second=True))
    for query in ("", "?vue=tableau", "?q=Ailleurs"):
        assert "Ailleurs</a>" not in desk.get(f"{reverse('mission:partners')}{query}").content.decode()
    assert "Ailleurs" not in desk.get(reverse("mission:partners-export")).content.decode()
    for name in ("row", "edit", "history", "files", "file-add", "link-add"):
        assert desk.get(reverse(f"mission:partners-{name}", args=[theirs.pk])).status_code == 404
    ticked = {"ligne": [ours.pk, theirs.pk], "acte": "engager"}
    assert desk.post(reverse("mission:partners-chosen"), ticked).status_code == 404
    ours.refresh_from_db()
    assert ours.state == "to_contact"
    step = reverse("mission:partners-step", args=[ours.pk, "fusionner"])
    assert desk.post(step, {"into": theirs.pk}).status_code == 422


def test_the_bar_changes_no_row_of_another_assembly_where_the_reader_works_too(desk, people):
    """Those to whom a row may be given are chosen in the assembly of the list."""
    term = people.elsewhere("lead").roles.get().term
    RoleAssignmentFactory(user=people["officer"], role="officer", assembly=term.assembly, term=term)
    ours, theirs = PartnerFactory(), PartnerFactory(assembly=term.assembly)
    given = {"acte": "confier", "owner": people["officer"].pk, "mandature": people.term.pk}
    address = reverse("mission:partners-chosen")
    assert desk.post(address, given | {"ligne": theirs.pk}).status_code == 404
    assert desk.post(address, given | {"ligne": ours.pk}).status_code == 302
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.owner, ours.owner) == (None, people["officer"])


def test_the_bar_says_who_gets_a_mail(desk, people):
    rows = SupportRequestFactory.create_batch(2)
    ticked = {"ligne": [row.pk for row in rows], "acte": "accepter"}
    text = desk.get(reverse("mission:support-chosen"), ticked).content.decode()
    assert text.count("Personne ne reçoit de courriel") == 1
    one = people.make("dir_contact", people.term)
    SupportRequest.objects.filter(pk=rows[0].pk).update(directorate=one.roles.get().directorate)
    text = desk.get(reverse("mission:support-chosen"), ticked).content.decode()
    assert one.get_full_name() in text


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_is_second(people):
    by, register = people["officer"], registers["partners"]
    row = actions.create(register, people.term, by=by, values={"name": "CDCA", "kind": "network"})
    begin, met = threading.Barrier(2), []

    def write(name):
        mine = Partner.objects.get(pk=row.pk)
        begin.wait()
        try:
            actions.edit(register, mine, by=by, values={"name": name}, version=1)
        except Exception as refusal:
            met.append(type(refusal).__name__)
        else:
            met.append(name)
        close_old_connections()
        connection.close()

    writers = [threading.Thread(target=write, args=[name]) for name in ("Un", "Deux")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    row.refresh_from_db()
    assert sorted(met) == sorted([row.name, "EditConflict"])
    assert row.version == 2


def many(model, factory, rows, people):
    first = factory(owner=people["lead"])
    fields = {each.attname: getattr(first, each.attname) for each in model._meta.concrete_fields if each.name != "id"}
    model.objects.bulk_create(
        model(**fields | {"name": f"Fiche {number:05}", "reference": f"X-{number}"}) for number in range(rows - 1)
    )


def test_five_thousand_rows_leave_in_one_file(desk, people, django_assert_max_num_queries):
    """A workbook has a sheet for each of three kinds of lines; in XLSX cells offer the cantons and the team.

    The first request of a session reads more.
    """
    many(Partner, PartnerFactory, 5000, people)
    for kind, least, most in (("csv", 5000, 12), ("csv", 5000, 8), ("ods", 0, 11), ("xlsx", 0, 13)):
        with django_assert_max_num_queries(most):
            content = desk.get(f"{reverse('mission:partners-export')}?format={kind}").content
        assert content.count(b"\n") >= least


# Partners read their themes and the cantons for two filters more; a list counts its rows, a board does with its cards.
@pytest.mark.parametrize(
    ("key", "factory", "least"), [("partners", PartnerFactory, 8), ("legal", LegalItemFactory, 5)]
)
@pytest.mark.parametrize("query", ["", "?vue=tableau"])
def test_a_list_of_a_hundred_times_more_rows_costs_the_same(
    desk, people, key, factory, least, query, django_assert_num_queries
):
    model, costs = registers[key].model, []
    for rows in (30, 3000):
        model.objects.all().delete()
        many(model, factory, rows, people)
        address = f"{reverse(f'mission:{key}')}{query}"
        desk.get(address)
        with django_assert_num_queries(least if query else least + 1), made(model) as found:
            desk.get(address)
        costs.append(len(found))
    assert costs == [26, 26] if not query else [25, 25]
