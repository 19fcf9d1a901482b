"""Rows of 1.0.0 in each state that is none any more: converted, opened and led on; and the way back."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.actions import record
from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from assembly.saved_views.models import SavedView
from mission.grants.models import GrantApplication, GrantPayment
from mission.registers.declaration import registers
from mission.support.models import SupportRequest
from tests.factories.mission import GrantApplicationFactory, GrantSchemeFactory
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


CHANGED = "changed_at = '2026-03-05 23:30+00'"  # the sixth in Paris
MARKED = "first_read_at = now(), second_read_at = now(), score = 80, gap = 0"
ADVISED = f"{MARKED}, opinion = 'Oui.', proposed_amount = 900"
SENT = "decided_on = '2026-03-01', decision_text = 'Voici.', decision_sent_at = now()"
VOTED = f"{ADVISED}, voted_amount = 900, decision_reference = 'CP-1', {SENT}"
SIGNED = f"{VOTED}, agreement_signed_on = '2026-03-02'"
REPORTED = f"{VOTED}, spent_amount = 850, account = 'Fait.'"
OVER = "ended_on = '2026-03-03'"
BY_HAND = {"agreement_signed_on": "2026-03-09"}
# Former state → state, what it waits for, columns of the former row, a step that leads on and what its form sends.
GRANTS = {
    "received": ("received", "pieces", "", "demander-les-pieces", {"pieces": ["Statuts"]}),
    "completeness_check": ("received", "pieces", "", "demander-les-pieces", {"pieces": ["Statuts"]}),
    "incomplete": ("incomplete", "association", "asked_for = 'RIB'", "pieces-recues", {}),
    "complete": ("assessment", "personnes", "first_reader_id = NULL, second_reader_id = NULL", "instruire", "readers"),
    "assessment": ("assessment", "notes", "", "noter", "marks"),
    "opinion": ("assessment", "inscription", ADVISED, "au-comite", {}),
    "committee": ("committee", "vote", ADVISED, "voter", "vote"),
    "voted": ("voted", "versement", VOTED, "convention", BY_HAND),
    "agreement": ("voted", "versement", SIGNED, "verser", {}),
    "paid": ("paid", "compte-rendu", SIGNED, "compte-rendu", {"spent_amount": "850", "account": "Fait."}),
    "reported": ("paid", "cloture", REPORTED, "clore", {}),
    "closed": ("paid", "rien", f"{REPORTED}, {OVER}", "", {}),
    "rejected": ("rejected", "rien", f"refusal = 'Non.', {SENT}, {OVER}", "", {}),
    "withdrawn": ("withdrawn", "rien", OVER, "", {}),
}
VIEWS = {
    "received": "etat=received",
    "completeness_check": "etat=received",
    "incomplete": "etat=incomplete",
    "complete": "etat=assessment&attente=personnes",
    "assessment": "etat=assessment",
    "opinion": "etat=assessment&attente=inscription",
    "committee": "etat=committee",
    "voted": "etat=voted",
    "agreement": "etat=voted&attente=versement",
    "paid": "etat=paid&attente=compte-rendu",
    "reported": "etat=paid&attente=cloture",
    "closed": "etat=paid&attente=rien",
    "rejected": "etat=rejected",
    "withdrawn": "etat=withdrawn",
}


def grants_of_before(people):
    """Make an application in each former state, in the database of 1.0.0, with a saved view of that state."""
    lead, officer = people.ready(people["lead"]), people.ready(people["officer"])
    scheme = GrantSchemeFactory(assembly=people.assembly)
    for user in (lead, officer):
        scheme.readers.create(user=user, created_by=lead, changed_by=lead)
    common = {"assembly": people.assembly, "scheme": scheme, "readers": (lead, officer)}
    rows = {state: GrantApplicationFactory(reference=f"SUB-{state}", **common) for state in GRANTS}
    views = {state: save_view(people, "grants", state) for state in GRANTS}
    note("grant.checked", rows["completeness_check"], officer)
    note("grant.accepted", rows["committee"], officer)
    note("grant.accepted", rows["withdrawn"], officer)
    note("grant.reported", rows["reported"], officer)
    migrate("mission", "0004_workload_stays_on")
    for state, (_now, _wait, columns, *_step) in GRANTS.items():
        more = f", {columns}" if columns else ""
        write(f"UPDATE mission_grantapplication SET state = %s, {CHANGED}{more} WHERE id = %s", state, rows[state].pk)  # noqa: S608 -- columns of the table above
    return rows, views


@pytest.mark.usefixtures("forward_at_the_end")
def test_grants_of_before_are_opened_and_led_on(client, people):
    rows, views = grants_of_before(people)
    before = Entry.objects.count()
    migrate()
    assert states_in("mission_grantapplication") == {f"SUB-{state}": now for state, (now, *_) in GRANTS.items()}
    assert Entry.objects.count() == before
    today, changed = timezone.localdate(), date(2026, 3, 6)
    days = {row.reference[4:]: (row.complete_on, row.reported_on) for row in GrantApplication.objects.all()}
    examined = {state: (changed, None) for state, (now, *_) in GRANTS.items() if now in ("assessment", "voted")}
    assert days == {
        **dict.fromkeys(("received", "completeness_check", "incomplete", "rejected"), (None, None)),
        **examined,
        "committee": (today, None),
        "withdrawn": (today, None),
        "paid": (changed, None),
        "reported": (changed, today),
        "closed": (changed, changed),
    }
    desk = client.enter(people["officer"])
    for state, row in rows.items():
        views[state].refresh_from_db()
        assert views[state].query == f"q=a&{VIEWS[state]}&tri=nom"
        listed = desk.get(f"{reverse('mission:grants')}?{views[state].query}").context["lines"]
        keys = [line.key for line in listed]
        assert keys == [row.pk] if "attente" in VIEWS[state] and state != "agreement" else row.pk in keys, state
    lead_on(desk, people, rows)
    history = desk.get(reverse("mission:grants-history", args=[rows["completeness_check"].pk])).text
    assert "a commencé la vérification des pièces" in history


def lead_on(desk, people, rows):
    """Open each row, read what it waits for, take the step that leads on; the ends offer none."""
    forms = {
        "readers": {"first": people["lead"].pk, "second": people["officer"].pk},
        "marks": {f"criterion-{one.pk}": 4 for one in rows["assessment"].scheme.criteria.all()},
    }
    today = timezone.localdate().isoformat()
    forms["vote"] = {"voted_amount": "900", "decided_on": today, "decision_reference": "CP-2"}
    paid = {"row": rows["agreement"], "created_by": people["lead"], "changed_by": people["lead"]}
    GrantPayment.objects.create(paid_on="2026-03-03", amount=900, **paid)
    for state, (_now, wait, _columns, slug, data) in GRANTS.items():
        pk = rows[state].pk
        page = desk.get(reverse("mission:grants-row", args=[pk]))
        assert (page.status_code, page.context["row"].waits_for) == (200, wait), state
        button = page.context["frame"].status.url.split("/")[-2:-1]
        assert button == ([slug] if slug and slug != "pieces-recues" else []), state
        if slug:
            sent = desk.post(
                reverse("mission:grants-step", args=[pk, slug]), forms[data] if isinstance(data, str) else data
            )
            assert sent.status_code == 302, state
        else:
            assert not registers["grants"].workflow.awaited(page.context["row"])
    assert desk.get(reverse("mission:grants"), {"vue": "tableau"}).status_code == 200


@pytest.mark.usefixtures("forward_at_the_end")
def test_grants_go_back(people):
    grants_of_before(people)
    migrate()
    migrate("mission", "0004_workload_stays_on")
    assert states_in("mission_grantapplication") == {f"SUB-{state}": state for state in GRANTS}
