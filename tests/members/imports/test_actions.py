"""From a file to members: the plan, the confirmation, the second time, what is forgotten."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import Person
from assembly.imports import actions
from assembly.imports.models import ImportBatch, ImportLine
from assembly.imports.workflow import IMPORT_BATCH
from assembly.institution.models import Canton, CommitteeMembership
from assembly.workflow import StateConflict
from members.mandates import actions as mandates
from members.models import AccommodationNeed, Mandate, Member
from tests.factories.imports import ImportLineFactory
from tests.factories.institution import CantonFactory, CommitteeFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db
HEADER = (
    "civilité;prénom;nom;genre;année de naissance;canton;commune;adresse;code postal;courriel;téléphone;canal;siège;"
    "besoins;groupe"
)
AMINA = (
    "Mme;Amina;Diallo;F;1968;Auterive;Auterive;3 rue du Moulin;31190;amina@example.org;639980001;courriel;;LSF;Habiter"
)
HUGO = "M.;Hugo;Vidal;M;1990;1;Auterive;1 place;31190;;;courrier;M2;;"


@pytest.fixture
def term(people):
    term = people.term
    CantonFactory(assembly=term.assembly, number=1, name="Auterive", slug="auterive")
    CantonFactory(assembly=term.assembly, number=15, name="Toulouse-1", slug="toulouse-1")
    CommitteeFactory(term=term, name="Habiter", slug="habiter")
    mandates.create_seats(term, by=people["lead"])
    return term


def preview(people, term, *lines, header=HEADER):
    content = "\n".join([header, *lines]).encode()
    return actions.preview(term, content, "membres.csv", by=people["officer"], kind="members")


def problems(batch):
    return [(error["line"], error["column"]) for error in batch.errors]


def everything():
    models = (Person, Member, Mandate, AccommodationNeed, CommitteeMembership)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_file_becomes_members(people, term):
    batch = preview(people, term, AMINA, HUGO)
    assert (batch.errors, batch.counters["create"], Member.objects.count()) == ([], 2, 0)
    result = actions.confirm(batch, by=people["officer"], state="active", on=date(2025, 11, 29))
    assert result == {"create": 2, "update": 0, "same": 0, "late": 0, "refused": 0}
    amina, hugo = Mandate.objects.order_by("member__person__sort_name")
    assert (amina.state, amina.seat.code, amina.activated_on) == ("active", "F1", date(2025, 11, 29))
    assert (hugo.seat.code, hugo.member.person.channel, hugo.member.canton.name) == ("M2", "paper", "Auterive")
    assert amina.member.person.phone == "06 39 98 00 01"
    assert AccommodationNeed.objects.get().kind == "sign_language"
    assert CommitteeMembership.objects.get().person == amina.member.person
    batch.refresh_from_db()
    assert batch.rows == []
    assert Entry.objects.filter(event_type="members.imported").count() == 1
    assert "Diallo" not in str(list(Entry.objects.values_list("facts", "canonical")))


def test_the_second_import_of_the_same_file_changes_nothing(people, term):
    actions.confirm(preview(people, term, AMINA, HUGO), by=people["officer"], state="proposed")
    before = everything()
    again = preview(people, term, AMINA, HUGO)
    assert {row["plan"] for row in again.rows} == {"same"}
    result = actions.confirm(again, by=people["officer"], state="active")
    assert result["same"] == 2
    assert everything() == before


def test_a_later_file_completes_and_never_empties(people, term):
    actions.confirm(preview(people, term, AMINA), by=people["officer"], state="proposed")
    changed = (
        AMINA.replace("639980001", "").replace("3 rue du Moulin", "9 rue Neuve").replace("LSF", "LSF | transport")
    )
    batch = preview(people, term, changed)
    assert batch.rows[0]["changes"] == {"address": "9 rue Neuve"}
    actions.confirm(batch, by=people["officer"], state="proposed")
    person = Person.objects.get(last_name="Diallo")
    assert (person.address, person.phone) == ("9 rue Neuve", "06 39 98 00 01")
    assert sorted(AccommodationNeed.objects.values_list("kind", flat=True)) == ["sign_language", "transport"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (AMINA.replace("Auterive;Auterive", "Atlantide;Auterive"), "canton"),
        (AMINA.replace("Auterive;Auterive", ";Auterive"), "canton"),
        (AMINA.replace("Diallo", ""), "nom"),
        (AMINA.replace("Diallo", "=2+2"), "nom"),
        (AMINA.replace("Diallo", "<b>x</b>"), "nom"),
        (AMINA.replace(";F;", ";Z;"), "genre"),
        (AMINA.replace("1968", "soixante"), "année de naissance"),
        (AMINA.replace("1968", "2024"), "année de naissance"),
        (AMINA.replace("amina@example.org", "amina@"), "courriel"),
        (AMINA.replace("amina@example.org", ""), "courriel"),
        (AMINA.replace("31190", "3119"), None),
        (AMINA.replace("31190", "trente"), "code postal"),
        (AMINA.replace("639980001", "12"), "téléphone"),
        (AMINA.replace("courriel;;", "pigeon;;"), "canal"),
        (AMINA.replace("courriel;;", "courriel;M1;"), "siège"),
        (AMINA.replace("courriel;;", "courriel;F9;"), "siège"),
        (AMINA.replace("courriel;;", "courriel;Z;"), "siège"),
        (AMINA.replace("LSF", "diabète"), "besoins"),
        (AMINA.replace("Habiter", "Inconnu"), "groupe"),
        (AMINA.replace("3 rue du Moulin", "@SUM(A1)"), "adresse"),
        (HUGO.replace("1 place", ""), "adresse"),
    ],
)
def test_a_wrong_line_is_left_out_with_its_number_and_column(line, column, people, term):
    batch = preview(people, term, AMINA.replace("Amina", "Rosa"), line)
    assert problems(batch) == ([(3, column)] if column else [])
    assert batch.counters["create"] == (1 if column else 2)


def test_duplicate_lines_and_a_full_canton(people, term):
    others = [AMINA.replace("Amina", name).replace("amina@", f"{name}@".lower()) for name in ("Rosa", "Ines")]
    batch = preview(people, term, AMINA, AMINA.replace("Diallo", "DIALLO"), *others)
    assert problems(batch) == [(3, "nom"), (5, "siège")]
    assert "ligne 2" in batch.errors[0]["message"]


def test_a_shared_address_is_only_said(people, term):
    batch = preview(people, term, AMINA, AMINA.replace("Amina", "Rosa"))
    assert batch.errors == []
    assert "même adresse" in batch.counters["notes"][0]


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (HEADER.replace("prénom", "surnom"), "prénom"),
        (HEADER.replace(";canton;", ";region;"), "canton"),
        (HEADER.replace("commune", "nom"), "deux fois"),
    ],
)
def test_wrong_headers_stop_the_import(header, word, people, term):
    batch = preview(people, term, AMINA, header=header)
    assert any(word in stop for stop in batch.counters["stops"])
    assert (batch.rows, batch.counters["create"]) == ([], 0)


def test_without_seats_the_import_says_to_create_them(people):
    CantonFactory(name="Auterive")
    batch = preview(people, people.term, AMINA)
    assert "sièges" in batch.counters["stops"][0]


def test_confirmed_once_only(people, term):
    batch = preview(people, term, AMINA)
    twin = ImportBatch.objects.get(pk=batch.pk)
    actions.confirm(batch, by=people["officer"], state="proposed")
    with pytest.raises(StateConflict):
        actions.confirm(twin, by=people["lead"], state="proposed")
    assert Member.objects.count() == 1


def started(people, term, *lines):
    batch = preview(people, term, *(lines or (AMINA, HUGO)))
    actions.start(batch, by=people["officer"], state="proposed")
    return ImportBatch.objects.get(pk=batch.pk)


def test_a_confirmed_import_waits_for_its_worker_and_counts_line_by_line(people, term):
    batch = started(people, term)
    assert (batch.state, batch.done, batch.total, Member.objects.count()) == ("running", 0, 2, 0)
    actions.write_rows(batch)
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert (batch.state, batch.done, batch.rows, batch.counters["create"]) == ("confirmed", 2, [], 2)
    assert Entry.objects.filter(event_type="members.imported").count() == 1


def test_a_worker_that_dies_is_followed_by_one_that_writes_the_rest(people, term):
    batch, second = started(people, term), ImportBatch.objects.get()
    actions._write_next(batch)
    actions.write_rows(second)
    actions.write_rows(batch)
    assert Member.objects.count() == 2
    assert Entry.objects.filter(event_type="members.imported").count() == 1


def test_a_stopped_import_keeps_what_is_written_and_goes_on(people, term):
    batch = started(people, term)
    actions._write_next(batch)
    IMPORT_BATCH.transition(ImportBatch.objects.get(), "stop", by=people["officer"])
    actions.write_rows(batch)
    assert (Member.objects.count(), ImportBatch.objects.get().state) == (1, "stopped")
    IMPORT_BATCH.transition(ImportBatch.objects.get(), "resume", by=people["lead"])
    actions.write_rows(ImportBatch.objects.get())
    assert (Member.objects.count(), ImportBatch.objects.get().state) == (2, "confirmed")


def test_what_nobody_foresaw_stops_the_import_and_fails_the_task(people, term):
    batch = started(people, term)
    second = batch.planned[1]
    ImportLine.objects.filter(pk=second.pk).update(entry=second.entry | {"canton": 0})
    with pytest.raises(Canton.DoesNotExist):
        actions.write_rows(batch)
    assert (Member.objects.count(), ImportBatch.objects.get().state) == (1, "stopped")


def test_the_sweep_wakes_only_imports_that_stand_still(people, term, django_capture_on_commit_callbacks):
    batch = started(people, term)
    with django_capture_on_commit_callbacks() as moving:
        actions.sweep()
    ImportBatch.objects.filter(pk=batch.pk).update(progressed_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks() as still:
        actions.sweep()
    assert (len(moving), len(still)) == (0, 1)


def test_a_stopped_import_that_is_forgotten_ends_with_its_lines_counted(people, term):
    batch = started(people, term)
    IMPORT_BATCH.transition(batch, "stop", by=people["officer"])
    ImportBatch.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    actions.erase_expired_batches()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows, batch.counters["late"]) == ("confirmed", [], 2)


def test_a_seat_taken_meanwhile_is_counted_not_forced(people, term):
    batch = preview(people, term, AMINA, HUGO)
    actions.confirm(preview(people, term, AMINA.replace("Amina", "Rosa")), by=people["officer"], state="proposed")
    result = actions.confirm(batch, by=people["officer"], state="proposed")
    assert (result["create"], result["late"]) == (1, 1)
    batch.refresh_from_db()
    assert "déjà pourvu" in batch.errors[0]["message"]


def test_a_former_member_does_not_come_back_by_file(people, term):
    actions.confirm(preview(people, term, AMINA), by=people["officer"], state="active")
    mandates.end(Mandate.objects.get(), by=people["officer"], reason="resigned")
    assert problems(preview(people, term, AMINA)) == [(2, "nom")]


@pytest.mark.parametrize("who", ["facilitator", "member", "dpo", "stranger"])
def test_only_the_team_imports(who, people, term):
    with pytest.raises(PermissionDenied):
        actions.preview(term, AMINA.encode(), "x.csv", by=people[who], kind="members")
    batch = preview(people, term, AMINA)
    with pytest.raises(PermissionDenied):
        actions.confirm(batch, by=people[who], state="proposed")
    with pytest.raises(PermissionDenied):
        actions.confirm(batch, by=people.elsewhere("lead"), state="proposed")


def test_a_canton_of_another_assembly_is_unknown_here(people, term):
    CantonFactory(assembly=people.elsewhere("lead").roles.get().assembly, name="Ailleurs", slug="ailleurs", number=40)
    assert problems(preview(people, term, AMINA.replace("Auterive;Auterive", "Ailleurs;Auterive"))) == [(2, "canton")]


def test_what_a_preview_held_is_forgotten(people, term):
    late = timezone.now() - timedelta(minutes=1)
    ImportLineFactory(batch__expires_at=late)
    done = preview(people, term, AMINA, AMINA.replace("Auterive;", "Nulle;"))
    actions.confirm(done, by=people["officer"], state="proposed")
    ImportBatch.objects.filter(pk=done.pk).update(expires_at=late)
    fresh = preview(people, term, HUGO)
    assert actions.erase_expired_batches() == 2
    assert [(batch.pk, batch.errors) for batch in ImportBatch.objects.order_by("pk")] == [
        (done.pk, []),
        (fresh.pk, []),
    ]


def test_an_expired_preview_is_not_confirmed(people, term):
    batch = preview(people, term, AMINA)
    ImportBatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError, match="expiré"):
        actions.confirm(batch, by=people["officer"], state="proposed")


def test_statements_do_not_grow_with_known_members(people, term, django_assert_num_queries):
    MandateFactory(term=term)
    preview(people, term, AMINA)
    with django_assert_num_queries(35):
        preview(people, term, AMINA)
    MandateFactory(term=term), MandateFactory(term=term)
    with django_assert_num_queries(35):
        preview(people, term, AMINA, HUGO)
