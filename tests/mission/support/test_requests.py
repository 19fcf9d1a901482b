"""Who asks, what a refusal says, what closes a request: written past the form too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import Person
from assembly.web.errors import StateConflict
from mission.registers import actions
from mission.registers.declaration import registers
from mission.support.models import SupportRequest
from tests.factories.institution import AssemblyFactory, DirectorateFactory
from tests.factories.mission import PartnerFactory
from tests.factories.support import EpciFactory, MethodSheetFactory, SupportRequestFactory, TrainingFactory
from tests.mission.rooms.test_at_once import wait_for_the_lock

ASKED = {"name": "Réunion de quartier", "received_on": "2026-03-02", "need": "La préparer.", "policy": "housing"}


def post(client, people, name, args, data):
    client.enter(people.ready(people["officer"]))
    return client.post(reverse(f"mission:support-{name}", args=args), data)


def add_line(row, kind, by, data):
    """Add a line without the form."""
    register = registers["support"]
    return actions.add_line(register, register.line_kind(kind), row, by=by, data=data)


def step(row, step_name, by, **more):
    return registers["support"].workflow.transition(row, step_name, by=by, **more)


@pytest.mark.parametrize(
    ("who", "answer"),
    [("directorate", 302), ("epci", 302), ("commune", 302), ("both", 422), ("nobody", 422), ("no epci", 422)],
)
def test_one_asks(client, people, who, answer):
    directorate, epci = people.directorate.pk, EpciFactory(assembly=people.assembly).pk
    asked = {
        "directorate": {"directorate": directorate},
        "epci": {"epci": epci},
        "commune": {"epci": epci, "commune": "Revel"},
        "both": {"directorate": directorate, "epci": epci},
        "nobody": {},
        "no epci": {"commune": "Revel"},
    }[who]
    assert post(client, people, "new", [], ASKED | asked).status_code == answer
    assert SupportRequest.objects.count() == (answer == 302)


@pytest.mark.parametrize("kind", ["association", "merged", "elsewhere"])
def test_an_epci_is_one_of_ours_that_is_kept(client, people, kind):
    made = {
        "association": lambda: PartnerFactory(assembly=people.assembly),
        "merged": lambda: EpciFactory(assembly=people.assembly, state="merged"),
        "elsewhere": lambda: EpciFactory(assembly=AssemblyFactory(second=True)),
    }[kind]()
    assert post(client, people, "new", [], ASKED | {"epci": made.pk}).status_code == 422


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("received", {"directorate": None}),
        ("received", {"commune": "Revel"}),
        ("received", {"answer_reason": "Sans suite."}),
        ("received", {"withdrawn_on": "2026-03-02"}),
        ("declined", {"answer_reason": ""}),
        ("declined", {"withdrawn_on": "2026-03-02"}),
        ("in_progress", {"owner": None}),
        ("delivered", {"owner": None}),
        ("in_progress", {"rating": 4}),
        ("delivered", {"delivered_at": None}),
        ("in_progress", {"delivered_at": "2026-03-02T10:00:00Z"}),
        ("delivered", {"rating": 6}),
        ("delivered", {"rating": 0}),
        ("received", {"state": "declined"}),
        ("received", {"state": "qualified"}),
        ("received", {"state": "lost"}),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_it_too(state, wrong):
    row = SupportRequestFactory(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.filter(pk=row.pk).update(**wrong)


def test_a_no_says_why_and_the_page_tells_it(client, people):
    row = SupportRequestFactory(assembly=people.assembly)
    assert post(client, people, "step", [row.pk, "refuser"], {"reason": "  "}).status_code == 422
    answered = post(client, people, "step", [row.pk, "refuser"], {"reason": "Voyez l’agence technique."})
    assert answered.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer_reason) == ("declined", "Voyez l’agence technique.")
    assert "Voyez l’agence technique." in client.get(reverse("mission:support-row", args=[row.pk])).content.decode()


@pytest.mark.parametrize("follows", ["officer", None])
def test_from_received_to_evaluated(people, follows):
    by = people["lead"]
    row = SupportRequestFactory(assembly=people.assembly, owner=people[follows] if follows else None)
    step(row, "accept", by)
    step(row, "start", by)
    row.refresh_from_db()
    assert row.owner == people[follows or "lead"]  # who starts what nobody follows, follows it
    with pytest.raises(ValidationError):
        step(row, "deliver", by)  # nothing was advised, nothing taught
    TrainingFactory(row=row, attended=None, answers=0, satisfaction=None)
    with pytest.raises(ValidationError):
        step(row, "deliver", by)  # announced is not held
    TrainingFactory(row=row)
    step(row, "deliver", by)
    step(row, "evaluate", by, rating=5, evaluation="Trois réunions tenues.")
    with pytest.raises(StateConflict):
        step(row, "evaluate", by, rating=1, evaluation="Une seconde fois.")
    row.refresh_from_db()
    assert (row.state, row.rating, row.evaluation) == ("delivered", 5, "Trois réunions tenues.")


@pytest.mark.parametrize("rating", ["0", "6", "", str(2**63), "4,5"])
def test_a_rating_is_of_one_to_five(client, people, rating):
    row = SupportRequestFactory(assembly=people.assembly, state="delivered")
    sent = {"rating": rating, "evaluation": "Utile."}
    assert post(client, people, "step", [row.pk, "evaluer"], sent).status_code == 422
    assert post(client, people, "step", [row.pk, "evaluer"], sent | {"rating": "4"}).status_code == 302


def test_who_follows_a_request_in_hand_is_not_emptied(client, people):
    row = SupportRequestFactory(
        assembly=people.assembly, state="in_progress", directorate=people.directorate, owner=people["officer"]
    )
    sent = ASKED | {"directorate": people.directorate.pk, "version": 1}
    assert post(client, people, "edit", [row.pk], sent).status_code == 422
    assert post(client, people, "edit", [row.pk], sent | {"owner": people["officer"].pk}).status_code == 302


def test_a_method_is_advised_once_while_in_use(client, people):
    row = SupportRequestFactory(assembly=people.assembly)
    sheet, retired = (MethodSheetFactory(assembly=people.assembly, state=state) for state in ("in_use", "retired"))
    args = [row.pk, "methodes"]
    assert post(client, people, "line-add", args, {"method": retired.pk, "why": "…"}).status_code == 422
    assert post(client, people, "line-add", args, {"method": sheet.pk, "why": "Sur place"}).status_code == 302
    assert post(client, people, "line-add", args, {"method": sheet.pk, "why": "Encore"}).status_code == 422


SESSION = {"title": "Animer", "held_on": "2026-04-14", "hours": "6", "place": "Muret", "registered": "12"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"attended": "13"},
        {"attended": "9", "answers": "10", "satisfaction": "4"},
        {"answers": "1", "satisfaction": "4"},
        {"attended": "9", "answers": "6"},
        {"attended": "9", "satisfaction": "4"},
        {"attended": "9", "answers": "6", "satisfaction": "5.1"},
        {"attended": "9", "answers": "6", "satisfaction": "0.9"},
        {"hours": "0"},
        {"registered": str(2**63)},
        {"registered": "-1"},
        {"attended": "9", "held_on": (timezone.localdate() + timedelta(days=3)).isoformat()},
    ],
)
def test_counts_that_cannot_be(client, people, wrong):
    row = SupportRequestFactory(assembly=people.assembly)
    sent = SESSION | {"answers": "0"}
    assert post(client, people, "line-add", [row.pk, "formations"], sent | wrong).status_code == 422
    assert post(client, people, "line-add", [row.pk, "formations"], sent).status_code == 302


LASTS = "Une session dure plus que zéro heure."
CAME = "Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents."
ANSWERED = "Seules les personnes présentes répondent."
RATED = "La satisfaction va de 1 à 5, et dit combien ont répondu."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hours": "0"}, {"hours": [LASTS]}),
        ({"attended": "13"}, {"attended": [CAME]}),
        ({"attended": "9", "answers": "10", "satisfaction": "4"}, {"answers": [ANSWERED]}),
        ({"answers": "1", "satisfaction": "4"}, {"answers": [ANSWERED]}),
        ({"attended": "9", "answers": "6"}, {"satisfaction": [RATED]}),
        ({"attended": "9", "answers": "6", "satisfaction": "5.1"}, {"satisfaction": [RATED]}),
    ],
)
def test_each_count_is_refused_at_its_field(client, people, wrong, said):
    """By the form; past the form, the database refuses and names the same field."""
    row = SupportRequestFactory(assembly=people.assembly)
    sent = SESSION | {"answers": "0"} | wrong
    answer = post(client, people, "line-add", [row.pk, "formations"], sent)
    ((field, words),) = said.items()
    assert (answer.status_code, answer.context["form"].errors) == (422, said)
    assert f'id="id_{field}_error"' in answer.content.decode()
    written = {name: value for name, value in sent.items() if value}
    with pytest.raises(ValidationError) as refused:
        add_line(row, "formations", people["officer"], written)
    assert (refused.value.code, refused.value.messages) == (field, words)
    assert not row.trainings.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_advise_one_method_at_once_the_second_is_told_at_its_field(client, people):
    row, sheet = SupportRequestFactory(assembly=people.assembly), MethodSheetFactory(assembly=people.assembly)
    by, _signed_in = people["lead"], people["officer"]

    def second():
        try:
            return post(client, people, "line-add", [row.pk, "methodes"], {"method": sheet.pk, "why": "Encore"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add_line(row, "methodes", by, {"method": sheet, "why": "Sur place"})
            other = pool.submit(second)
            wait_for_the_lock(other)
        answer = other.result(timeout=20)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"method": ["Cette méthode est déjà conseillée."]}
    assert "Encore" in answer.content.decode()
    assert [line.why for line in row.methods.all()] == ["Sur place"]


@pytest.mark.parametrize(
    "wrong", [{"attended": 13}, {"answers": 10}, {"satisfaction": None}, {"satisfaction": 6}, {"attended": None}]
)
@pytest.mark.django_db
def test_the_database_refuses_these_counts(wrong):
    session = TrainingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(session).objects.filter(pk=session.pk).update(**wrong)


def test_certificates_wait_for_the_session_and_keep_no_name(client, people):
    row = SupportRequestFactory(assembly=people.assembly)
    held, planned = TrainingFactory(row=row), TrainingFactory(row=row, attended=None, answers=0, satisfaction=None)
    held.attended, held.answers, held.satisfaction = 2, 0, None
    held.save()
    other = SupportRequestFactory(assembly=people.assembly)
    for args in ([row.pk, planned.pk], [other.pk, held.pk]):
        assert post(client, people, "certificates", args, {"names": "Ana Ruiz"}).status_code == 404
    before = Entry.objects.count(), Person.objects.count()
    printed = post(client, people, "certificates", [row.pk, held.pk], {"names": " Ana Ruiz\n\n<b>Léo</b>\nAna Ruiz"})
    page = printed.content.decode()
    assert printed.status_code == 200
    told = ("Ana Ruiz", "&lt;b&gt;Léo&lt;/b&gt;", "Animer une réunion publique")
    assert [page.count(words) for words in told] == [1, 1, 2]
    assert (Entry.objects.count(), Person.objects.count()) == before
    for names in ("", " \n", "Ana\nLéo\nMia", "x" * 121):
        assert post(client, people, "certificates", [row.pk, held.pk], {"names": names}).status_code == 422, names


def test_the_note_prints_what_the_sheet_says(client, people):
    row = SupportRequestFactory(assembly=people.assembly, advice="Commencez petit.\nÉcoutez.", due_on=date(2026, 6, 1))
    sheet = MethodSheetFactory(assembly=people.assembly, name="Marche exploratoire", cost="1250.50")
    row.methods.create(method=sheet, why="Le lieu parle.", created_by=row.created_by, changed_by=row.created_by)
    client.enter(people.ready(people["officer"]))
    page = client.get(reverse("mission:support-note", args=[row.pk])).content.decode()
    for words in ("Commencez petit.<br>", "Marche exploratoire", "Le lieu parle.", "1\u00a0250,50", "8 à 15"):
        assert words in page


def test_the_map_links_each_request_of_a_directorate(client, people):
    roads, schools = (DirectorateFactory(assembly=people.assembly, name=name) for name in ("Routes", "Collèges"))
    shown = [
        SupportRequestFactory(assembly=people.assembly, directorate=roads, policy="mobility"),
        SupportRequestFactory(assembly=people.assembly, directorate=schools, policy="mobility", state="delivered"),
        SupportRequestFactory(assembly=people.assembly, directorate=schools, policy="education"),
    ]
    left_out = [
        SupportRequestFactory(assembly=people.assembly, directorate=roads, state="declined"),
        SupportRequestFactory(assembly=people.assembly, epci=EpciFactory(assembly=people.assembly)),
        SupportRequestFactory(assembly=AssemblyFactory(second=True)),
    ]
    client.enter(people.ready(people["officer"]))
    page = client.get(reverse("mission:support-map")).content.decode()
    links = [reverse("mission:support-row", args=[row.pk]) in page for row in (*shown, *left_out)]
    assert links == [True] * 3 + [False] * 3
    assert page.index(">Collèges<") < page.index(">Routes<")
