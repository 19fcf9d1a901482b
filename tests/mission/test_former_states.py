"""Rows of 1.0.0 in each state that is none any more: converted, opened and led on; and the way back."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.actions import record
from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from assembly.saved_views.models import SavedView
from mission.registers.declaration import registers
from mission.support.models import SupportRequest
from tests.factories.support import SupportRequestFactory

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*target):
    call_command("migrate", *target, verbosity=0, interactive=False)


@pytest.fixture
def forward_at_the_end():
    yield
    migrate()


def write(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def states_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT reference, state FROM {table}")  # noqa: S608 -- a name of this module
        return dict(cursor.fetchall())


def note(event_type, row, by):
    with transaction.atomic():
        record(event_type, row, by=by, detail="Voyez l’agence.")


def save_view(people, key, state):
    query = f"q=a&etat={state}&tri=nom"
    view = {"assembly": people.assembly, "term": people.term, "created_by": people["officer"], "list_key": key}
    return SavedView.objects.create(**view, name=f"{key} {state}", token=f"{key}-{state}", query=query)


# Former state → state, columns of the former row, the next step and what its form sends (none: nothing more to do).
DELIVERED = "owner_id = created_by_id, delivered_at = now()"
SUPPORT = {
    "received": ("received", "", "accepter", {}),
    "qualified": ("received", "", "accepter", {}),
    "accepted": ("accepted", "", "commencer", {}),
    "assigned": ("accepted", "owner_id = created_by_id", "commencer", {}),
    "in_progress": ("in_progress", "owner_id = created_by_id, advice = 'Écoutez.'", "rendre", {}),
    "delivered": ("delivered", DELIVERED, "evaluer", {"rating": "4", "evaluation": "Utile."}),
    "evaluated": ("delivered", f"{DELIVERED}, rating = 4", "", {}),
    "closed": ("delivered", f"{DELIVERED}, rating = 4", "", {}),
    "redirected": ("declined", "answer_reason = 'Voyez l’agence.'", "", {}),
    "declined": ("declined", "answer_reason = 'Hors du champ.'", "", {}),
    "withdrawn": ("declined", "", "", {}),
}


@pytest.mark.usefixtures("forward_at_the_end")
def test_requests_for_support_of_before_are_opened_and_led_on(client, people):
    rows = {state: SupportRequestFactory(assembly=people.assembly, reference=f"AP-{state}") for state in SUPPORT}
    views = {state: save_view(people, "support", state) for state in SUPPORT}
    note("support_request.redirected", rows["redirected"], people["officer"])
    before = Entry.objects.count()
    migrate("mission", "0001_initial")
    for state, (_now, columns, _slug, _data) in SUPPORT.items():
        more = f", {columns}" if columns else ""
        write(f"UPDATE mission_supportrequest SET state = %s{more} WHERE id = %s", state, rows[state].pk)  # noqa: S608 -- columns of the table above
    migrate()
    assert states_in("mission_supportrequest") == {f"AP-{state}": now for state, (now, *_) in SUPPORT.items()}
    day = timezone.localdate()
    assert [row.name for row in SupportRequest.objects.filter(withdrawn_on=day)] == [rows["withdrawn"].name]
    assert Entry.objects.count() == before
    register = registers["support"]
    client.enter(people.ready(people["officer"]))
    assert todo_for(people["officer"], "desk", people.term).lines
    for state, (now, _columns, slug, data) in SUPPORT.items():
        views[state].refresh_from_db()
        assert views[state].query == f"q=a&etat={now}&tri=nom"
        row = SupportRequest.objects.get(pk=rows[state].pk)
        page = client.get(reverse("mission:support-row", args=[row.pk]))
        assert (page.status_code, page.context["frame"].status.url.split("/")[-2:-1]) == (200, [slug] if slug else [])
        listed = client.get(reverse("mission:support"), {"etat": state})
        is_former = state not in registers["support"].states.values
        assert (listed.status_code, listed.context["count"] == len(SUPPORT)) == (200, is_former)
        assert client.get(reverse("mission:support"), {"etat": state, "vue": "tableau"}).status_code == 200
        if slug:
            address = reverse("mission:support-step", args=[row.pk, slug])
            assert client.post(address, data).status_code == 302, state
        else:
            assert not register.workflow.awaited(row)
    history = client.get(reverse("mission:support-history", args=[rows["redirected"].pk])).content.decode()
    assert "a réorienté la demande" in history


@pytest.mark.usefixtures("forward_at_the_end")
def test_requests_for_support_go_back(people):
    made = {
        "received": {},
        "accepted": {},
        "in_progress": {},
        "delivered": {},
        "declined": {},
        "evaluated": {"state": "delivered", "rating": 4},
        "withdrawn": {"state": "declined", "withdrawn_on": "2026-03-02"},
        "redirected": {"state": "declined"},
    }
    for former, columns in made.items():
        row = SupportRequestFactory(**{"state": former} | columns, assembly=people.assembly, reference=f"AP-{former}")
        if former == "redirected":
            note("support_request.redirected", row, people["officer"])
    migrate("mission", "0001_initial")
    assert states_in("mission_supportrequest") == {f"AP-{former}": former for former in made}
