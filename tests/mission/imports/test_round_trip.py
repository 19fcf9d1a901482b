"""What leaves as a workbook comes back, for lists that are no registers and for lines below rows of registers."""

import io
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, reject, settings, strategies as st

from assembly.imports import actions as imports
from assembly.imports.entry_rows import EntryRows
from assembly.imports.institution.accounts import ACCOUNT_ROWS
from assembly.imports.institution.bodies import BODY_ROWS, SEAT_ROWS
from assembly.imports.institution.places import CANTON_ROWS, DIRECTORATE_ROWS
from assembly.imports.tables import read_table
from assembly.institution.actions.invitations import accept
from assembly.institution.models import Committee, Invitation
from consultations.referrals.importing import REFERRAL_ROWS
from members.imports import plan as plan_members
from members.mandates import actions as mandates
from members.members.importing import PERSON_ROWS
from mission.registers import actions
from mission.registers.declaration import registers
from mission.registers.forms import line_form
from mission.registers.importing_lines import LineRows
from sessions.expenses.importing import CLAIM_ROWS, RATE_ROWS
from sessions.models import Sitting
from sessions.sittings.importing import SITTING_ROWS
from tests.factories.identity import PersonFactory
from tests.factories.institution import CantonFactory, CommitteeFactory
from tests.factories.life import ExpenseRateFactory
from tests.factories.members import ContactFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
from tests.mission.example import EXAMPLES
from tests.mission.imports.round_trip import changed, filled, only_sheet, through_libreoffice

MOST = 2000
MAY, EVENING = datetime(2026, 5, 12, 7, 30, tzinfo=UTC), datetime(2026, 5, 12, 15, tzinfo=UTC)


@dataclass
class RoundTrip:
    """`export`: the address of the file. `example(people, number)`: a right form. `changes`: columns of which any cell
    may be changed; `fixed`: columns of which a changed cell is refused, and said; `apart`: fields that keep the value
    of the example, since it sets each row apart from the other."""

    rows: EntryRows
    export: str
    example: Any
    changes: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    who: str = "officer"
    sheet: int = 0


def seat_example(people, number):
    person = ContactFactory(
        assembly=people.assembly, person__last_name=f"Gil{number}", person__first_name="Odile"
    ).person
    body = Committee.objects.filter(term=people.term, slug=f"g-{number}").first() or CommitteeFactory(
        term=people.term, name=f"Groupe des {number}", slug=f"g-{number}"
    )
    values = {"committee": body.pk, "last_name": person.last_name, "first_name": "Odile", "function": "member"}
    return values | {"starts_on": "2026-02-01"}


def claim_example(people, number):
    ExpenseRateFactory(term=people.term, kind="km", valid_from=date(2026, 1, 1))
    ExpenseRateFactory(term=people.term, kind="meal", valid_from=date(2026, 1, 1), is_flat=False, amount=20)
    sitting = Sitting.objects.filter(term=people.term, starts_at=MAY).first() or SittingFactory(
        term=people.term, title="Plénière de mai", held=True, starts_at=MAY, ends_at=EVENING
    )
    person = PersonFactory(last_name=f"Vidal{number}", first_name="Rosa")
    AttendanceFactory(invitee=InviteeFactory(sitting=sitting, person=person), arrived_at=MAY, left_at=EVENING)
    values = {"sitting": sitting.pk, "last_name": person.last_name, "first_name": "Rosa", "via": "paper"}
    return values | {"received_on": "2026-05-20", "quantity_km": "84", "cost_meal": "15,50", "is_seen": "on"}


LISTS = {
    "sittings": RoundTrip(
        SITTING_ROWS,
        "sittings:export",
        lambda people, n: {"title": f"Plénière {n}", "day": f"2027-03-1{n}", "starts": "09:00", "ends": "17:30"},
        frozenset({"Titre", "Lieu", "Adresse", "Message dans la convocation"}),
        frozenset({"Instance"}),
    ),
    "referrals": RoundTrip(
        REFERRAL_ROWS,
        "consultations:export",
        lambda people, n: {"title": f"Bien vieillir {n}"},
        frozenset({"Titre", "Question posée", "Contexte", "Cadre budgétaire"}),
    ),
    "persons": RoundTrip(
        PERSON_ROWS,
        "members:person-export",
        lambda people, n: {
            "first_name": "Odile", "last_name": f"Roux{n}", "channel": "email", "email": f"o{n}@exemple.fr",
        },
        frozenset({"Prénom", "Nom", "Qualité", "Commune"}),
    ),
    "bodies": RoundTrip(
        BODY_ROWS,
        "institution:committee-list-export",
        lambda people, n: {"name": f"Habiter {n}", "kind": "thematic", "opened_on": "2026-02-01"},
        frozenset({"Nom", "Objet"}),
        frozenset({"Créé le"}),
    ),
    "seats": RoundTrip(
        SEAT_ROWS, "institution:committee-export", seat_example, fixed=frozenset({"Nom", "Prénom", "Comité"})
    ),
    "seats-beside-bodies": RoundTrip(
        SEAT_ROWS, "institution:committee-list-export", seat_example, fixed=frozenset({"Nom"}), sheet=1
    ),
    "directorates": RoundTrip(
        DIRECTORATE_ROWS,
        "institution:directorate-export",
        lambda people, n: {"name": f"Direction de l’Eau {n}", "code": f"eau-{n}"},
        frozenset({"Direction"}),
        who="lead",
    ),
    "cantons": RoundTrip(
        CANTON_ROWS,
        "institution:canton-export",
        lambda people, n: {"number": 40 + n, "name": f"Canton {'ab'[n]}"},
        frozenset({"Canton", "Bureau centralisateur"}),
        apart=frozenset({"number"}),
        who="lead",
    ),
    "accounts": RoundTrip(
        ACCOUNT_ROWS,
        "institution:people-export",
        lambda people, n: {
            "first_name": "Luc", "last_name": f"Faure{n}", "email": f"luc{n}@exemple.fr", "role": "officer",
        },
        fixed=frozenset({"Qualité", "Rôles"}),
        who="lead",
    ),
    "rates": RoundTrip(
        RATE_ROWS,
        "sittings:expense-rates-export",
        lambda people, n: {
            "kind": ["km", "meal"][n], "amount": "0,41", "is_flat": ["on", ""][n], "valid_from": "2026-01-01",
            "decision_reference": "2025-11", "decided_on": "2025-11-12",
        },
        frozenset({"Délibération du Conseil"}),
        apart=frozenset({"kind"}),
        who="lead",
    ),
    "claims": RoundTrip(
        CLAIM_ROWS, "sittings:expenses-export", claim_example, fixed=frozenset({"Reçue", "Justificatifs vus"})
    ),
}  # fmt: skip


@pytest.fixture
def desk(signed_in):
    return signed_in


def made(data, trip, people, number):
    """Make a row as its form does; an invited person comes in."""
    by = people[trip.who]
    example = trip.example(people, number)
    form = filled(data, lambda typed: trip.rows.form_of(people.term, by, typed), example, trip.apart)
    trip.rows.create(people.term, by=by, form=form)
    if trip.rows is ACCOUNT_ROWS:
        accept(Invitation.objects.latest("pk"))


def planned(rows, content, term):
    plan = rows.plan(read_table(content, MOST), term)
    assert plan.stops == []
    return plan


def found(plan):
    """Return the labels of changed values, and those of refused cells."""
    values = [value["label"] for line in plan.rows for value in line["values"] if "before" in value]
    return values, [error["column"] for error in plan.errors]


def labels_in(rows, label):
    """Return the label of the field that a column of the file holds."""
    names = {str(text): str(text) for text in rows.fields.values()}
    names |= {str(other): str(rows.fields[name]) for name, more in (rows.headers or {}).items() for other in more}
    return names[label]


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_list_comes_back_without_a_difference(data, name, people, desk):
    trip, term = LISTS[name], people.term
    browser = desk(trip.who)
    with transaction.atomic():
        for number in range(2):
            made(data, trip, people, number)
        address = f"{reverse(trip.export)}?format="
        content, other = browser.get(f"{address}xlsx").content, browser.get(f"{address}ods").content
        if trip.sheet:
            content = only_sheet(content, trip.sheet)
        for file in (content, through_libreoffice(other, trip.sheet)):
            plan = planned(trip.rows, file, term)
            assert (plan.errors, [line["values"] for line in plan.rows if line["plan"] != "same"]) == ([], [])
            assert len(plan.rows) >= 2
        for columns, at in ((trip.changes, 0), (trip.fixed, 1)):
            if columns:
                file, label = changed(data, content, columns)
                assert found(planned(trip.rows, file, term))[at] == [labels_in(trip.rows, label)]
        transaction.set_rollback(True)


LINES = [(key, kind) for key, example in EXAMPLES.items() for kind in example.lines]


def line_rows(key, kind):
    return LineRows(registers[key], registers[key].line_kind(kind))


def open_row(example, rows, people):
    """Return a row of the register whose lines may change."""
    for state in ["running"] if example.key == "contracts" else example.states.split():
        row = example.row(people, state)
        if rows.is_open(row):
            return row
    raise AssertionError(f"no open row of {example.key}")


def file_of(browser, key, kind, suffix):
    """Return the workbook of a register with these lines, and the place of their sheet."""
    register = registers[key]
    base = f"/bureau/mission/{register.slug}/"
    is_private = kind in register.private
    answer = (
        browser.post(f"{base}coordonnees/?format={suffix}")
        if is_private
        else browser.get(f"{base}export/?format={suffix}")
    )
    shown = [lines.key for lines in register.lines if is_private or lines.key not in register.private]
    return answer.content, 1 + shown.index(kind)


def made_line(data, key, kind, people):
    example, rows, by = EXAMPLES[key], line_rows(key, kind), people["officer"]
    row = open_row(example, rows, people)

    def form_of(typed):
        line = rows.lines.model(row=row)
        return line_form(key, kind)(typed, instance=line, row=row, term=people.term, user=by)

    values = example.lines[kind](people)
    if kind == "lecture":
        rows.lines.of(row).filter(user=values["user"]).delete()
    form = filled(data, form_of, values)
    try:
        return actions.add_line(registers[key], rows.lines, row, by=by, data=form.values())
    except ValidationError as refused:
        if refused.code != "amount":  # a payment above what was voted is no line
            raise
        reject()


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "kind"), LINES)
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_lines_come_back_without_a_difference(data, key, kind, people, desk):
    browser, rows = desk("officer"), line_rows(key, kind)
    with transaction.atomic():
        line = made_line(data, key, kind, people)
        content, place = file_of(browser, key, kind, "xlsx")
        own = only_sheet(content, place)
        for file in (own, through_libreoffice(file_of(browser, key, kind, "ods")[0], place)):
            plan = planned(rows, file, people.term)
            assert (plan.errors, {each["plan"] for each in plan.rows}) == ([], {"same"})
            assert line.pk in [each["row"] for each in plan.rows]
        labels = {str(field.label) for field in rows.fields.values() if type(field).__name__ == "CharField"}
        if labels:
            file, label = changed(data, own, labels)
            assert found(planned(rows, file, people.term)) == ([label], [])
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_members_come_back_by_their_contacts(people, desk):
    CantonFactory(assembly=people.assembly, number=1, name="Auterive", slug="auterive")
    mandates.create_seats(people.term, by=people["lead"])
    browser = desk("officer")
    text = "Prénom;Nom;Genre;Année de naissance;Canton;Courriel\nAmina;Diallo;F;1968;Auterive;a@exemple.fr\n"
    batch = imports.preview(people.term, text.encode(), "m.csv", by=people["officer"], kind="members")
    imports.confirm(batch, by=people["officer"], state="proposed")
    content = browser.post(f"{reverse('members:member-contacts')}?format=xlsx").content
    plan = plan_members(read_table(content, MOST), people.term)
    assert (plan.stops, plan.errors, [line["plan"] for line in plan.rows]) == ([], [], ["same"])
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads = {head.value: head.column for head in book.worksheets[0][1]}
    book.worksheets[0].cell(2, heads["Commune"]).value = "Muret"
    out = io.BytesIO()
    book.save(out)
    plan = plan_members(read_table(out.getvalue(), MOST), people.term)
    assert [[(value["label"], value["text"]) for value in line["values"]] for line in plan.rows] == [
        [("Commune", "Muret")]
    ]


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_libreoffice_saved_comes_back(suffix, people, desk, tmp_path):
    files = {}
    for trip in LISTS.values():
        for number in range(2):
            form = trip.rows.form_of(people.term, people[trip.who], trip.example(people, number))
            if not trip.sheet:  # seats of the second list are those of the first
                assert form.is_valid(), form.errors
                trip.rows.create(people.term, by=people[trip.who], form=form)
    for name, trip in LISTS.items():
        path = tmp_path / f"{name}.{suffix}"
        path.write_bytes(desk(trip.who).get(f"{reverse(trip.export)}?format={suffix}").content)
        files[name] = path
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "saved", *files.values()], check=True, timeout=300)
    for name, trip in LISTS.items():
        content = (tmp_path / "saved" / f"{name}.xlsx").read_bytes()
        plan = planned(trip.rows, only_sheet(content, trip.sheet), people.term)
        assert (plan.errors, {line["plan"] for line in plan.rows}) == ([], {"same"}), name
