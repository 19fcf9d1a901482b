"""Sittings in a real browser: order by keyboard and mouse, roll call by one tap, answers from the mail."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.audit.models import Entry
from sessions.models import Attendance, Invitee, Sitting
from sessions.sittings import rules as sittings
from sessions.sittings.actions import convening
from tests.e2e.accessibility import assert_usable
from tests.factories.members import MandateFactory
from tests.factories.sessions import (
    AgendaItemFactory,
    AttendanceFactory,
    InviteeFactory,
    SittingFactory,
    SittingTemplateFactory,
)
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Abadie", "Barthès", "Benali", "Cazaux", "Diallo", "Espinasse", "Fauré", "Gasc", "Labatut", "Müller"]


def where(name, *args):
    return reverse(f"sittings:{name}", args=args)


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for size, width in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(width)
            page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
        page.set_viewport_size(before)


@pytest.fixture
def planned(site, people):
    """Make a plenary with an agenda, ten members, one of them reached by post, and an expert."""
    for index, name in enumerate(NAMES):
        MandateFactory(member__person__last_name=name, member__person__first_name="Célia", paper=index == 4)
    sitting = SittingFactory(
        title="Plénière de mi-parcours",
        officer=people["officer"],
        offers_meal=True,
        offers_childcare=True,
        access_note="Métro Canal-du-Midi, entrée sans marche à gauche.",
    )
    for title, kind, minutes in (
        ("Accueil et ouverture", "opening", 15),
        ("Où en est le schéma Autonomie ?", "information", 45),
        ("Travail en petits groupes", "discussion", 90),
        ("Déjeuner", "break", 90),
        ("Vote sur les priorités", "vote", 60),
    ):
        AgendaItemFactory(sitting=sitting, title=title, kind=kind, minutes=minutes, speaker="Odile Labatut")
    AgendaItemFactory(sitting=sitting, title="Point de l’équipe", is_internal=True)
    InviteeFactory(sitting=sitting, guest=True, person__first_name="Samuel", person__last_name="Vidal")
    return sitting


@pytest.fixture
def convened(planned, people):
    convening.notify(planned, by=people["officer"])
    answers = ["will_attend"] * 5 + ["will_not", "maybe"]
    for invitee, reply in zip(Invitee.objects.filter(is_member=True).order_by("pk"), answers, strict=False):
        Invitee.objects.filter(pk=invitee.pk).update(
            reply=reply,
            replied_at=timezone.now(),
            replied_via="link",
            wants_meal=reply == "will_attend",
            diet="sans sel",
        )
    return Sitting.objects.get(pk=planned.pk)


@pytest.fixture
def running(convened):
    now = timezone.now()
    Sitting.objects.filter(pk=convened.pk).update(
        state="open",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=6),
        break_starts_at=now + timedelta(hours=2),
        break_ends_at=now + timedelta(hours=3),
        opened_at=now - timedelta(hours=1),
    )
    return Sitting.objects.get(pk=convened.pk)


def test_convening_says_to_how_many_before_anything_leaves(page, sign_in, planned, people):
    sign_in(page.context, people["officer"])
    page.goto(where("notify", planned.pk))
    assert_usable(page)
    shot(page, "preview")
    page.get_by_role("button", name="Convoquer 11 personnes").click()
    expect(page.locator("main")).to_contain_text("11 personnes convoquées")
    shot(page, "notice")
    assert_usable(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_the_roll_is_taken_by_one_tap(open_context, sign_in, running, people, with_script):
    context = open_context(java_script_enabled=with_script)
    sign_in(context, people["officer"])
    page = context.new_page()
    page.goto(where("roll", running.pk))
    for name in ("Abadie", "Diallo"):
        page.get_by_role("button", name=f"Présent·e Célia {name}").click()
        expect(page.get_by_role("button", name=f"Part Célia {name}")).to_be_visible()
    expect(page.locator("#chiffres")).to_contain_text("2 membres présents sur 10")
    page.get_by_role("button", name="Défaire pour Célia Diallo").click()
    expect(page.locator("#chiffres")).to_contain_text("1 membre présent sur 10")
    assert Attendance.objects.filter(voided_at=None).count() == 1
    if with_script:
        assert_usable(page)
        shot(page, "roll")


def arrive_by_typing(page, typed, name):
    """Type a name and press Enter, as at the entrance; the box is then empty and focused."""
    box = page.get_by_label("Nom ou numéro de badge")
    box.press_sequentially(typed)
    expect(page.locator("#liste")).to_contain_text(name)
    box.press("Enter")
    expect(page.locator("#liste")).to_contain_text(f"Célia {name} est là.")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_who_arrives_is_shown_though_the_list_was_still_asked_for(page, sign_in, running, people):
    """A slow line: Enter is pressed before the answer to the letters has come."""
    sign_in(page.context, people["officer"])
    page.goto(where("roll", running.pk))
    asked = {"GET": [], "POST": []}
    page.route(f"**{where('roll', running.pk)}**", lambda route: asked[route.request.method].append(route))
    box = page.get_by_label("Nom ou numéro de badge")
    with page.expect_request(lambda request: request.method == "GET"):
        box.fill("bart")
    box.press("Enter")
    with page.expect_response(lambda answer: answer.request.method == "GET"):
        asked["GET"].pop().continue_()
    while not asked["POST"]:
        page.wait_for_timeout(20)
    asked["POST"].pop().continue_()
    expect(page.locator("#liste")).to_contain_text("Célia Barthès est là.")


def test_the_day_is_run_on_one_screen_by_keyboard(page, sign_in, running, people):
    sign_in(page.context, people["officer"])
    page.goto(where("day", running.pk))
    page.get_by_role("button", name="Ouvrir : Accueil et ouverture").press("Enter")
    expect(page.locator("#direct")).to_contain_text("Point 1 sur 6")
    page.get_by_label("Nom ou numéro de badge").focus()
    quorum = ("bart", "Barthès"), ("celia aba", "Abadie"), ("mull", "Müller"), ("caz", "Cazaux"), ("gas", "Gasc")
    for typed, name in quorum:
        arrive_by_typing(page, typed, name)
    expect(page.locator("#chiffres")).to_contain_text("5 membres présents sur 10")
    page.get_by_label("Accueil et ouverture").press_sequentially("Le mot d’accueil dure cinq minutes.")
    expect(page.locator(".note-box")).to_contain_text("Enregistré")
    assert_usable(page)
    shot(page, "day")
    page.get_by_role("button", name="Point suivant : Où en est").press("Enter")
    expect(page.locator("#direct")).to_contain_text("Point 2 sur 6")
    page.get_by_text("Voter", exact=True).press("Enter")
    page.get_by_label("Pour", exact=True).fill("5")
    page.get_by_label("Contre").fill("1")
    page.get_by_label("Abstention").fill("0")
    page.get_by_label("Confirmé par").fill("Pierrick Tournier")
    page.get_by_label("Confirmé par").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("6 votes pour 5 membres dans la salle")
    shot(page, "day-vote")
    page.get_by_label("Contre").fill("0")
    page.get_by_label("Contre").press("Enter")
    expect(page.locator("#votes")).to_contain_text("5 votes pour 5 membres dans la salle.")
    page.get_by_role("link", name="Proclamer le résultat").press("Enter")
    page.get_by_role("button", name="Proclamer le résultat").press("Enter")
    expect(page.locator("#votes")).to_contain_text("Résultat proclamé.")
    assert_usable(page)
    shot(page, "day-voted")


def test_everybody_but_some_by_keyboard_and_undone(page, sign_in, running, people):
    sign_in(page.context, people["officer"])
    page.goto(where("roll", running.pk))
    page.get_by_role("link", name="Tous présents, sauf…").press("Enter")
    assert_usable(page)
    shot(page, "roll-all")
    page.get_by_label("Abadie Célia").press("Space")
    page.get_by_role("button", name="Voir qui sera noté présent").press("Enter")
    shot(page, "roll-all-preview")
    assert not Attendance.objects.exists()
    page.get_by_role("button", name="personnes présentes").press("Enter")
    expect(page.locator("#chiffres")).to_contain_text("8 membres présents sur 10")
    shot(page, "roll-together")
    page.get_by_role("button", name="Défaire").first.press("Enter")
    expect(page.locator("#chiffres")).to_contain_text("0 membre présent sur 10")


def touch_targets(page):
    """Return buttons and links of the page smaller than 44 px, except those in running text."""
    return page.evaluate(
        """[...document.querySelectorAll("main button, main .btn, main summary, main input:not([type=hidden])")]
        .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
        .filter(([each, box]) => box.width && (box.height < 43.9 || box.width < 43.9))
        .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${box.width}×${box.height}`)"""
    )


def answer_of(invitee):
    invitee.refresh_from_db()
    return invitee.reply


@pytest.mark.parametrize("with_script", [True, False])
def test_a_phone_answers_from_the_mail_in_two_taps(open_context, convened, with_script):
    """The first tap is the button of the mail. Whoever opens the page, and stays, writes nothing."""
    invitee = Invitee.objects.filter(reply="invited", is_member=True).select_related("person").first()
    written = Entry.objects.count()
    page = open_context(viewport=PHONE, java_script_enabled=with_script).new_page()
    page.goto(where("reply", sittings.reply_token(invitee)) + "?reponse=will_attend")
    confirm = page.get_by_role("button", name="Je confirme : je viens")
    expect(confirm).to_be_focused()
    box = confirm.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    page.wait_for_timeout(1500)
    assert (answer_of(invitee), Entry.objects.count()) == ("invited", written)
    if with_script:
        assert_usable(page)
        page.set_viewport_size(PHONE)
        assert touch_targets(page) == []
        shot(page, "reply-asked")
    confirm.click()
    expect(page.get_by_role("status").filter(has_text="C’est noté : vous venez.")).to_be_focused()
    assert answer_of(invitee) == "will_attend"
    if with_script:
        assert_usable(page)
        page.set_viewport_size(PHONE)
        assert touch_targets(page) == []
        shot(page, "reply-noted")
    page.get_by_label("Je prends le repas sur place").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Ce que vous avez ajouté est enregistré.")
    page.get_by_role("button", name="Je ne viens pas").click()
    page.get_by_label("Pourquoi ne pas venir ?").fill("Je travaille.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("C’est noté : vous ne venez pas.")
    assert (answer_of(invitee), invitee.wants_meal, invitee.absence_reason) == ("will_not", False, "Je travaille.")


@pytest.mark.parametrize("with_script", [True, False])
def test_a_phone_answers_from_its_room_in_one_tap(open_context, sign_in, convened, people, with_script):
    invitee = InviteeFactory(sitting=convened, person=people["member"].person)
    context = open_context(viewport=PHONE, java_script_enabled=with_script)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(reverse("portal:member-home"))
    if with_script:
        shot(page, "home-asked")
    page.get_by_role("button", name="Je viens", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="C’est noté : vous venez.")).to_be_focused()
    assert answer_of(invitee) == "will_attend"
    if with_script:
        assert page.url.endswith(reverse("portal:member-home"))
        assert_usable(page)
        page.set_viewport_size(PHONE)
        assert touch_targets(page) == []
        shot(page, "home-noted")
    page.get_by_role("button", name="Je ne viens pas").click()
    expect(page.get_by_role("status").filter(has_text="C’est noté : vous ne venez pas.")).to_be_focused()
    assert answer_of(invitee) == "will_not"
    page.get_by_label("Pourquoi ne pas venir ?").fill("Je travaille.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Ce que vous avez ajouté est enregistré.")
    assert (answer_of(invitee), invitee.absence_reason) == ("will_not", "Je travaille.")


@pytest.mark.long
def test_the_pages_of_the_desk_are_usable(page, sign_in, convened, running, people):
    member = Invitee.objects.filter(is_member=True).first()
    held = SittingFactory(held=True)
    stay = AttendanceFactory(
        invitee=InviteeFactory(sitting=held, person=member.person), left_at=held.ends_at - timedelta(hours=2)
    )
    InviteeFactory(sitting=held, absence="excused")
    SittingFactory(title="Plénière d’hiver")
    SittingTemplateFactory()
    sign_in(page.context, people["officer"])
    for name, args in (
        ("list", []),
        ("start", []),
        ("create", ["plenary", "last"]),
        ("edit", [SittingFactory().pk]),
        ("papers", [running.pk]),
        ("history", [running.pk]),
        ("attendance", [held.pk]),
        ("person-attendance", [held.pk, stay.invitee_id]),
        ("stay-edit", [held.pk, stay.pk]),
        ("certificates-send", [held.pk]),
        ("cancel", [SittingFactory(notified=True).pk]),
        ("postpone", [SittingFactory(notified=True).pk]),
        ("answer-record", [(asked := InviteeFactory()).sitting_id, asked.pk]),
        ("remind", [asked.sitting_id]),
    ):
        page.goto(where(name, *args))
        shot(page, name)
        assert_usable(page)


@pytest.mark.long
def test_the_pages_of_a_member_are_usable(page, sign_in, convened, people):
    InviteeFactory(sitting=convened, person=people["member"].person)
    InviteeFactory(sitting=SittingFactory(held=True), person=people["member"].person)
    sign_in(page.context, people["member"])
    for name, args in (("my-list", []), ("my-sitting", [convened.pk]), ("feed", [])):
        page.goto(where(name, *args))
        shot(page, name)
        assert_usable(page)
