import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.tasks.models import Task
from assembly.web import pagination
from sessions.decisions import actions as decisions
from sessions.models import AgendaDocument, AgendaItem
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import CommitteeFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.files import pdf
from tests.growth import made

pytestmark = pytest.mark.django_db
PDF = pdf("Ordre du jour")


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def sitting():
    return SittingFactory()


def titles(sitting):
    items = sitting.agenda.filter(removed_at=None).order_by("position")
    return [("  " if item.parent_id else "") + item.title for item in items]


def test_add_under_move_change_remove(officer, sitting):
    def post(name, *args, **data):
        return officer.post(reverse(f"sittings:{name}", args=[sitting.pk, *args]), data)

    post("item-add", title="Ouverture", kind="opening", minutes=10)
    post("item-add", title="Débat", kind="discussion", minutes=60)
    opening = AgendaItem.objects.get(title="Ouverture")
    post("item-add", title="Tour de table", kind="discussion", minutes=5, under=opening.pk)
    assert titles(sitting) == ["Ouverture", "  Tour de table", "Débat"]
    debate = AgendaItem.objects.get(title="Débat")
    post("item-move", debate.pk, direction="up")
    assert titles(sitting) == ["Débat", "Ouverture", "  Tour de table"]
    seen = officer.get(reverse("sittings:item-edit", args=[sitting.pk, debate.pk])).context["form"].initial["version"]
    post("item-edit", debate.pk, title="Échange", kind="discussion", minutes=45, version=seen)
    post("item-remove", opening.pk)
    assert titles(sitting) == ["Échange"]
    assert [verb.split(".")[1] for verb in Entry.objects.order_by("pk").values_list("event_type", flat=True)] == [
        "item_added",
        "item_added",
        "item_added",
        "item_moved",
        "item_changed",
        "item_removed",
    ]


def test_a_drag_is_written_or_refused_when_the_points_changed(officer, sitting):
    first, second, third = (AgendaItemFactory(sitting=sitting, title=title) for title in "ABC")
    url = reverse("sittings:agenda-arrange", args=[sitting.pk])
    assert officer.post(url, {"order": f"{third.pk}:1,{first.pk}:0,{second.pk}:1"}).status_code == 302
    assert titles(sitting) == ["C", "A", "  B"]
    assert officer.post(url, {"order": f"{first.pk}:0,{second.pk}:0"}).status_code == 409
    other = AgendaItemFactory()
    assert officer.post(url, {"order": f"{first.pk}:0,{second.pk}:0,{other.pk}:0"}).status_code == 409
    assert officer.post(url, {"order": "1;drop"}).status_code == 302
    assert titles(sitting) == ["C", "A", "  B"]


def test_a_point_of_another_sitting_is_not_found(officer, sitting):
    foreign = AgendaItemFactory(sitting=SittingFactory(committee_sitting=True, committee=CommitteeFactory()))
    assert officer.get(reverse("sittings:item-edit", args=[sitting.pk, foreign.pk])).status_code == 404
    assert officer.post(reverse("sittings:item-remove", args=[sitting.pk, foreign.pk])).status_code == 404


def test_a_late_save_of_a_point_is_answered_with_both_texts(officer, sitting):
    item = AgendaItemFactory(sitting=sitting, title="Débat")
    url = reverse("sittings:item-edit", args=[sitting.pk, item.pk])
    seen = officer.get(url).context["form"].initial["version"]
    typed = {"kind": "discussion", "minutes": 15, "version": seen}
    officer.post(url, typed | {"title": "Premier"})
    late = officer.post(url, typed | {"title": "Second"})
    item.refresh_from_db()
    assert (late.status_code, item.title) == (409, "Premier")
    assert [(row.theirs, row.yours) for row in late.context["form"].conflict.rows] == [("Premier", "Second")]
    officer.post(url, typed | {"title": "Second", "version": late.context["form"]["version"].value()})
    item.refresh_from_db()
    assert item.title == "Second"


def test_a_wrong_point_keeps_what_was_typed(officer, sitting):
    response = officer.post(
        reverse("sittings:item-add", args=[sitting.pk]),
        {"title": "", "kind": "vote", "minutes": -5, "speaker": "Élise"},
    )
    assert response.status_code == 422
    assert "Élise" in response.content.decode()


def test_a_held_sitting_keeps_its_agenda(officer):
    item = AgendaItemFactory(sitting=SittingFactory(held=True))
    for name, args in (("item-edit", [item.pk]), ("item-remove", [item.pk]), ("item-add", [])):
        url = reverse(f"sittings:{name}", args=[item.sitting_id, *args])
        assert officer.post(url, {"title": "x", "kind": "vote", "minutes": 1}).status_code == 403


def test_papers_pass_the_gate_and_members_read_the_open_ones(officer, sitting, signed_in):
    sitting.state = "notified"
    sitting.save()
    url = reverse("sittings:papers", args=[sitting.pk])
    officer.post(url, {"file": SimpleUploadedFile("Dossier été.pdf", PDF), "title": "Dossier"})
    officer.post(url, {"file": SimpleUploadedFile("note.pdf", PDF + b"2"), "is_internal": "on"})
    for name, content in (("x.svg", b"<svg/>"), ("x.exe", b"MZ"), ("x.pdf", b"%PDF-1.4 sans fin"), ("x.pdf", b"")):
        assert officer.post(url, {"file": SimpleUploadedFile(name, content)}).status_code == 422
    assert AgendaDocument.objects.count() == 2
    open_one, closed_one = AgendaDocument.objects.order_by("pk")
    member = signed_in("member")

    def status(browser, paper):
        return browser.get(reverse("documents:upload", args=[paper.upload.public_id])).status_code

    assert (status(officer, closed_one), status(member, open_one), status(member, closed_one)) == (200, 200, 404)
    assert status(signed_in("stranger"), open_one) == 404
    officer.post(reverse("sittings:paper-remove", args=[sitting.pk, open_one.pk]))
    assert status(member, open_one) == 404
    assert officer.get(url).status_code == 200


def test_points_are_opened_one_after_the_other_and_hours_corrected(officer):
    # Of a sitting that began at night, nine in the morning is the day after.
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    sitting = SittingFactory(running=True, starts_at=morning)
    first, second = (AgendaItemFactory(sitting=sitting, title=title) for title in ("Un", "Deux"))
    for item in (first, second):
        officer.post(reverse("sittings:item-open", args=[sitting.pk, item.pk]))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.closed_at == second.opened_at
    officer.post(reverse("sittings:item-close", args=[sitting.pk, second.pk]))
    second.refresh_from_db()
    assert second.closed_at is not None
    url = reverse("sittings:item-hours", args=[sitting.pk, first.pk])
    assert officer.post(url, {"opened": "10:00", "closed": "09:00"}).status_code == 422
    assert officer.post(url, {"opened": "", "closed": "09:00"}).status_code == 422
    officer.post(url, {"opened": "09:40", "closed": "10:05"})
    first.refresh_from_db()
    assert timezone.localtime(first.opened_at).strftime("%H:%M") == "09:40"
    verbs = Entry.objects.order_by("pk").values_list("event_type", flat=True)
    assert list(verbs) == ["agenda.item_opened", "agenda.item_opened", "agenda.item_closed", "agenda.hours_set"]


def test_points_are_not_opened_outside_the_sitting(officer):
    item = AgendaItemFactory(sitting=SittingFactory(held=True))
    assert officer.post(reverse("sittings:item-open", args=[item.sitting_id, item.pk])).status_code == 403
    assert officer.get(reverse("sittings:item-hours", args=[item.sitting_id, item.pk])).status_code == 200


@pytest.mark.parametrize("more", [1, 6])
def test_the_agenda_names_some_of_the_open_actions_and_counts_them_all(people, officer, monkeypatch, more):
    monkeypatch.setattr("sessions.agenda.views.ACTIONS_SHOWN", 2)
    before, sitting = SittingFactory(held=True), SittingFactory()
    for number in range(2 + more):
        decisions.add_action(before, item=None, text=f"Promesse {number}", owner_text="Mission", by=people["officer"])
    url = reverse("sittings:sitting", args=[sitting.pk])
    assert f"{2 + more} actions décidées auparavant sont encore ouvertes" in officer.get(url).content.decode()
    officer.post(reverse("sittings:actions-item-add", args=[sitting.pk]))
    with made(Task) as actions:
        html = officer.get(url).content.decode()
    assert len(actions) == 3
    assert html.count("Promesse") == 2
    assert f"Voir {more} autre" in html


def test_beyond_a_list_a_subject_is_found_by_its_words(officer, sitting, monkeypatch):
    """At a hundred times the data the form of a point named a thousand referrals."""
    monkeypatch.setattr(pagination, "WHOLE_LIST", 2)
    kept = [ReferralFactory(term=sitting.term, title=f"Les écoles de {town}") for town in ("Muret", "Rieux", "Revel")]
    add = reverse("sittings:item-add", args=[sitting.pk])
    page = officer.get(reverse("sittings:sitting", args=[sitting.pk])).text
    assert "Les écoles" not in page
    assert 'name="topic"' in page
    point = {"title": "Débat", "kind": "discussion", "minutes": 10}
    assert officer.post(add, point | {"topic": "ecoles rieux"}).status_code == 302
    item = AgendaItem.objects.get()
    assert (item.topic_type, item.topic_id) == ("consultations.Referral", str(kept[1].pk))
    edit = officer.get(reverse("sittings:item-edit", args=[sitting.pk, item.pk])).text
    assert "Les écoles de Rieux" in edit
    several = officer.post(add, point | {"topic": "écoles"})
    assert several.status_code == 422
    assert "Les écoles de Revel" in several.text
    chosen = {"topic": "écoles", "topic-choix": f"consultations.Referral:{kept[2].pk}"}
    assert officer.post(add, point | chosen).status_code == 302
    assert AgendaItem.objects.latest("pk").topic_id == str(kept[2].pk)
    for wrong in ("Luchon", "consultations.Referral:999999", "sittings.Minutes:1"):
        assert officer.post(add, point | {"topic": wrong}).status_code == 422
