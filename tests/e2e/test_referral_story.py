"""Two stories in a real browser: a question of the president, from the draft to what members read; a member's subject,
from a telephone to the vote of the plenary in its minutes.

Two things are not waited for: the weeks left to a directorate, and the day of the plenary. They are moved in the
database, and the clocks of the morning are called with the day that they would have. Everything else is done on the
screens, by the persons to whom it belongs.
"""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.documents.pdf.render import render
from assembly.documents.text.extraction import extract
from assembly.institution.models import Role
from assembly.notifications.models import LocalMessage
from assembly.text.working_days import next_working_day
from consultations.digest import actions as digest
from consultations.models import BriefingPack, DirectorateReview, Referral, ReviewState, ScopingNote, Support
from consultations.referrals import actions
from consultations.referrals.enums import ReferralState
from consultations.reviews.actions import asking
from sessions.attendance import actions as attendance
from sessions.minutes.documents import DraftMinutes
from sessions.models import Ballot, Invitee, Minutes, Sitting, SittingState
from tests.consultations.desk import agent
from tests.e2e.test_story import Rooms, wait_for
from tests.factories.identity import UserFactory
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.files import pdf
from tests.live import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
QUESTION = "Comment mieux se déplacer sans voiture dans les cantons ruraux ?"
PLACES = ("Direction de l’Autonomie", "Direction des Mobilités", "Direction de l’Habitat", "Direction des Finances")
PDF = {"name": "facile.pdf", "mimeType": "application/pdf", "buffer": pdf("Se déplacer, en quelques mots.")}


@pytest.fixture
def members(people, settings):
    """Make six members with an account; mail is sent to the mailbox page."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    mandates = [MandateFactory(term=people.term) for _ in range(6)]
    accounts = [UserFactory(person=mandate.member.person) for mandate in mandates]
    for user in accounts:
        RoleAssignmentFactory(user=user, role="member", term=people.term)
    return accounts


@pytest.fixture
def rooms(open_context, people, site):
    return Rooms(open_context, people, site)


class Place:
    """A directorate with the browsers of its contact and of its approver."""

    def __init__(self, rooms, people, name):
        self.row = DirectorateFactory(assembly=people.assembly, name=name)
        self.contact, self.approver = agent(self.row), agent(self.row, Role.DIR_APPROVER)
        self.desk, self.head = rooms.enter(self.contact), rooms.enter(self.approver)

    def review(self):
        return DirectorateReview.objects.get(directorate=self.row)

    def answer(self, words):
        """The contact writes, reads again, sends; the approver gives the visa."""
        self.desk.goto(where("instruction", self.review().pk))
        self.write(words)
        self.give_visa()

    def write(self, words):
        self.desk.get_by_label("Votre contribution, en quelques phrases").fill(words)
        self.desk.get_by_role("group", name="Est-ce de la compétence du Département ?").get_by_label("Oui").check()
        if (feasible := self.desk.get_by_label("Oui, avec des conditions")).count():
            feasible.check()
        expect(self.desk.locator("#save-state")).to_contain_text("Brouillon enregistré à")
        self.desk.get_by_role("button", name="Relire avant de rendre").click()
        self.desk.get_by_role("button", name="Envoyer au visa").click()
        expect(self.desk.locator("#messages")).to_contain_text("envoyée au visa")

    def give_visa(self):
        self.head.goto(where("instruction-visa", self.review().pk))
        self.head.get_by_role("button", name="Donner mon visa et rendre la contribution").click()
        expect(self.head.locator("#messages")).to_contain_text("rendue à l’Assemblée")


def where(name, *args):
    return reverse(f"consultations:{name}", args=args)


def press(page, path, button):
    """Take a step: open its page and press its one button."""
    page.goto(path)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".alert-done").first).to_be_visible()


def next_morning():
    """Return nine o’clock of the next working day, when the mails of the day have been sent."""
    day = next_working_day(timezone.localdate() + timedelta(days=1))
    return timezone.make_aware(datetime.combine(day, time(9)))


def mail_of(page, person, subject):
    """Open the mail in the mailbox page of this installation."""
    wait_for(lambda: LocalMessage.objects.filter(recipients__icontains=person.email).exists())
    page.goto(f"/boite-mail/?a={person.email}")
    page.get_by_role("link", name=re.compile(subject)).first.click()
    return page.locator(".mailbox-text")


# --- the president's question ---------------------------------------------------------------------------------------


def prepare(desk, people, places):
    """The officer writes it, names one lead and three associated directorates, puts it to the internal review."""
    actions.create(people.term, by=people["officer"], title="La précédente")
    desk.goto(where("create"))
    due = date(timezone.localdate().year + 1, 6, 30).isoformat()
    words = {"title": "Se déplacer sans voiture", "question": QUESTION, "deliverable": "Un avis.", "due_on": due}
    for name, value in words.items():
        desk.locator(f"[name={name}]").fill(value)
    desk.locator("[name=lead]").select_option(label=places[0].row.name)
    for place in places[1:]:
        desk.get_by_label(place.row.name, exact=True).check()
    desk.get_by_role("button", name="Créer la saisine").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    referral = Referral.objects.get(title="Se déplacer sans voiture")
    assert referral.reference == f"S-{timezone.localdate().year}-02"
    press(desk, where("step", referral.pk, "instruire"), "Mettre à l’instruction")
    return referral


def issue(office, referral):
    """The president's office reads the letter and gives its visa: four directorates are asked."""
    office.goto(where("office-referral", referral.pk))
    expect(office.locator(".now")).to_contain_text("Cette saisine attend votre visa.")
    office.get_by_role("link", name="Émettre la saisine").click()
    office.get_by_role("button", name="Émettre la saisine").click()
    expect(office.locator(".alert-done").first).to_be_visible()
    assert DirectorateReview.objects.filter(referral=referral, state=ReviewState.ASKED).count() == 4
    referral.refresh_from_db()
    assert (referral.state, referral.issue_channel) == (ReferralState.ISSUED, "visa")


def send_back(place):
    """Not for this directorate: back to the team, with a reason."""
    place.desk.goto(where("instruction-step", place.review().pk, "renvoyer"))
    place.desk.locator("[name=reason]").fill("Le budget se lit dans l’avis des Mobilités.")
    place.desk.get_by_role("button", name="Renvoyer la demande").click()
    expect(place.desk.locator(".alert-done").first).to_be_visible()


def remind(desk, place, public):
    """The weeks go by; the officer presses « Relancer »; one mail the next morning, whose link asks to sign in."""
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=30)
    DirectorateReview.objects.filter(pk=place.review().pk).update(due_on=today - timedelta(days=1), asked_at=long_ago)
    press(desk, where("review-step", place.review().pk, "relancer"), "Relancer")
    morning = next_morning()
    asking.note_reminders(timezone.localdate(morning))
    digest.send_all(morning)
    digest.send_all(morning)
    mail = mail_of(public, place.contact.person, "vous attend")
    expect(mail).to_contain_text("Rappel")
    assert LocalMessage.objects.filter(recipients__icontains=place.contact.person.email).count() == 1
    mail.locator(f"a[href$='{where('instruction', place.review().pk)}']").first.click()
    expect(public).to_have_url(re.compile(r"/compte/connexion/\?next=/instructions/avis/"))


def answer_late(place):
    """From the link of the mail, behind the usual sign-in: still accepted, and marked."""
    mail = mail_of(place.desk, place.contact.person, "vous attend")
    mail.locator(f"a[href$='{where('instruction', place.review().pk)}']").first.click()
    expect(place.desk.locator(".now").first).to_contain_text("la contribution sera notée en retard")
    place.write("Un bailleur sur deux le propose déjà.")
    place.give_visa()
    assert place.review().was_late


def follow(desk, referral, places):
    """The bureau sees who answered, who was late, who sent back; answers side by side; the note in one click."""
    desk.goto(where("reviews", referral.pk))
    late, returned = places[2].review(), places[3].review()
    expect(desk.locator(f"#avis-{late.pk}")).to_contain_text("en retard")
    expect(desk.locator(f"#avis-{returned.pk}")).to_contain_text("Renvoyé à la mission")
    expect(desk.locator(f"#avis-{returned.pk}")).to_contain_text("Le budget se lit dans l’avis des Mobilités.")
    desk.get_by_role("link", name="Comparer les contributions").click()
    expect(desk.get_by_role("columnheader")).to_have_count(4)
    expect(desk.get_by_role("columnheader", name=re.compile("Habitat.*en retard"))).to_be_visible()
    desk.goto(where("reviews", referral.pk))
    desk.get_by_role("button", name="Composer la note de cadrage").click()
    expect(desk.locator("#summary-text")).to_contain_text("Un bailleur sur deux le propose déjà.")
    desk.locator("#summary-text").click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" Relu par la mission.")
    desk.get_by_role("button", name="Enregistrer la note").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    assert "Relu par la mission." in ScopingNote.objects.get(referral=referral).body


def open_pack(desk, referral):
    """The note and an easy text enter the pack; it is opened to the six members."""
    desk.goto(where("briefing", referral.pk))
    desk.get_by_role("button", name="Ajouter la note de cadrage").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    desk.goto(where("briefing-add", referral.pk))
    desk.locator("[name=file]").set_input_files(PDF)
    desk.locator("[name=title]").fill("Se déplacer, facile à lire")
    desk.locator("[name=source]").fill("La mission")
    desk.locator("[name=level][value=easy_read]").check()
    desk.get_by_role("button", name="Ajouter ce document").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    desk.goto(where("briefing-release", referral.pk))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Ouvrir le dossier à 6 membres")
    desk.get_by_role("button", name="Ouvrir le dossier").click()
    expect(desk.locator(".alert-done").first).to_contain_text("6 membres sont prévenus")
    assert BriefingPack.objects.get(referral=referral).is_released


def read(page, member, referral):
    """A member opens the mail, then the pack: the easy text comes first, both files open."""
    mail = mail_of(page, member.person, "votre dossier à lire")
    mail.locator(f"a[href$='{where('my-briefing', referral.pk)}']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossier documentaire")
    expect(page.get_by_role("heading", name="Pour commencer : facile à lire")).to_be_visible()
    for title in ("Se déplacer, facile à lire", "Note de cadrage"):
        link = page.locator("main").get_by_role("link", name=re.compile(title)).first
        assert page.request.get(link.get_attribute("href")).ok
    page.goto(where("my-referral", referral.pk))
    expect(page.locator("main")).to_contain_text(QUESTION.replace(" ?", "\u00a0?"))
    for private in ("Un bailleur sur deux", "Le budget se lit"):
        expect(page.locator("main")).not_to_contain_text(private)


def test_from_the_draft_of_a_referral_to_what_members_read(open_context, rooms, people, members, worker):
    desk, office, public = rooms.enter(people["officer"]), rooms.enter(people["president"]), open_context().new_page()
    places = [Place(rooms, people, name) for name in PLACES]
    referral = prepare(desk, people, places)
    issue(office, referral)
    places[0].answer("Les aides à domicile se déplacent déjà.")
    places[1].answer("Le transport à la demande couvre douze communes.")
    send_back(places[3])
    remind(desk, places[2], public)
    answer_late(places[2])
    follow(desk, referral, places)
    open_pack(desk, referral)
    read(rooms.enter(members[0]), members[0], referral)


# --- a member's subject ---------------------------------------------------------------------------------------------


def suggest(phone):
    """Three answers on a telephone, read again, proposed."""
    phone.goto(where("my-suggestions"))
    phone.get_by_role("link", name="Proposer un sujet").first.click()
    phone.get_by_label("Quel sujet ?").fill("L’eau qui manque l’été")
    phone.get_by_label("Pourquoi ce sujet ?").fill("Trois communes ont été ravitaillées par camion.")
    phone.get_by_label("En quoi le Département peut-il agir ?").fill("Il aide les communes et gère des rivières.")
    phone.get_by_role("button", name="Relire mon sujet").click()
    phone.get_by_role("button", name="Proposer ce sujet").click()
    expect(phone.locator(".alert-done").first).to_contain_text("Votre sujet est proposé")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return Referral.objects.get(title="L’eau qui manque l’été")


def support(phone, referral):
    """Two dots out of five, one by one."""
    phone.goto(where("my-suggestions"))
    expect(phone.locator("#reste")).to_contain_text("Il vous reste 5 points sur 5.")
    for left in (4, 3):
        phone.locator(f"#plus-{referral.pk}").click()
        expect(phone.locator("#reste")).to_contain_text(f"Il vous reste {left} points sur 5.")
    assert Support.objects.get(referral=referral).dots == 2


def self_referral_step(desk, referral, slug, button):
    press(desk, where("self-referral-step", referral.pk, slug), button)


def study(desk, referral, places):
    """Short list, which gives the reference; two directorates say whether it is ours; the team decides, and why."""
    self_referral_step(desk, referral, "preselectionner", "Présélectionner")
    referral.refresh_from_db()
    assert referral.reference == f"AS-{timezone.localdate().year}-01"
    desk.goto(where("self-referral-step", referral.pk, "recevabilite"))
    for place in places:
        desk.get_by_label(place.row.name, exact=True).check()
    desk.get_by_role("button", name="Interroger les directions").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    for place in places:
        place.answer("Oui, le Département aide déjà les communes.")
    desk.goto(where("suggestion", referral.pk))
    expect(desk.locator("main")).to_contain_text("Contributions des directions : 2 sur 2".replace(" :", "\u00a0:"))
    desk.goto(where("self-referral-step", referral.pk, "decision"))
    desk.locator("[name=within_powers][value=yes]").check()
    desk.locator("[name=is_fair][value=oui]").check()
    desk.locator("[name=reasons]").fill("Deux directions le confirment : le Département peut agir.")
    desk.get_by_role("button", name="Enregistrer la décision").click()
    expect(desk.locator(".alert-done").first).to_be_visible()


def give_view(desk, office, referral):
    """No vote before the council's view: the door is shut; then the president's office gives it, with reasons."""
    answer = desk.request.get(where("self-referral-step", referral.pk, "mettre-aux-voix"))
    assert answer.status == 409
    office.goto(where("office-step", referral.pk, "avis-du-conseil"))
    office.locator("[name=stance][value=with_remarks]").check()
    office.locator("[name=reasons]").fill("Un sujet utile ; l’État doit y être associé.")
    office.get_by_role("button", name="Donner la position du président").click()
    expect(office.locator(".alert-done").first).to_be_visible()


def put_to_vote(desk, people, referral, members):
    """The plenary to come receives the item and the prepared vote."""
    sitting = SittingFactory(
        term=people.term, notified=True, title="Plénière d’hiver", officer=people["officer"], is_quorum_required=False
    )
    for user in members:
        InviteeFactory(sitting=sitting, person=user.person)
    desk.goto(where("self-referral-step", referral.pk, "mettre-aux-voix"))
    desk.get_by_label(re.compile("Plénière d’hiver")).check()
    desk.get_by_role("button", name="Mettre aux voix").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    assert Ballot.objects.get().agenda_item.sitting_id == sitting.pk
    return sitting


def vote(desk, sitting, officer):
    """The day comes, six members are there; five say yes; two persons count."""
    began = timezone.now() - timedelta(hours=1)
    ends = began + timedelta(hours=6)
    Sitting.objects.filter(pk=sitting.pk).update(
        state=SittingState.OPEN,
        opened_at=began,
        starts_at=began,
        ends_at=ends,
        break_starts_at=None,
        break_ends_at=None,
    )
    for invitee in Invitee.objects.filter(sitting=sitting):
        attendance.record_arrival(invitee, by=officer)
    ballot = Ballot.objects.select_related("agenda_item").get()
    desk.goto(reverse("sittings:ballot-count", args=[ballot.pk]))
    votes = {"votes_for": 5, "votes_against": 1, "abstentions": 0, "no_opinion": 0}
    for name, value in (votes | {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}).items():
        desk.locator(f"[name={name}]").fill(str(value))
    desk.get_by_role("button", name="Noter le compte").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    desk.goto(reverse("sittings:roll", args=[sitting.pk]))
    desk.get_by_role("link", name="Clore la séance").click()
    desk.get_by_role("button", name="Clore la séance").click()
    wait_for(lambda: Sitting.objects.filter(pk=sitting.pk, state=SittingState.CLOSED).first())


def printed_words(minutes):
    """Return the text of the draft in the PDF."""
    renderer = DraftMinutes()
    made = render(renderer.source(renderer.load(str(minutes.pk))))
    return " ".join(extract(made, "application/pdf").text.split())


def read_minutes(desk, sitting, referral):
    """The officer proclaims; the minutes say by themselves what was voted, how, and the council's view given before;
    so does their PDF."""
    desk.goto(reverse("sittings:minutes", args=[sitting.pk]))
    desk.get_by_role("button", name="Commencer le compte rendu").click()
    desk.locator("#plan").get_by_role("link", name=re.compile("L’eau qui manque")).click()
    desk.get_by_role("link", name="Proclamer le résultat").click()
    desk.get_by_role("button", name="Proclamer le résultat").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    main = desk.locator("main")
    view = f"Auto-saisine {referral.reference}. Le président a donné sa position avant le vote"
    question = f"L’assemblée se saisit-elle de « L’eau qui manque l’été » ({referral.reference})"
    for words in (view, "favorable avec remarques", question, "6 votes"):
        expect(main).to_contain_text(words)
    printed = printed_words(Minutes.objects.get(sitting=sitting))
    for words in (view, "favorable avec remarques", question, "5"):
        assert words in printed


def test_from_a_subject_on_a_telephone_to_the_vote_in_the_minutes(open_context, rooms, people, members):
    desk, office = rooms.enter(people["officer"]), rooms.enter(people["president"])
    author, neighbour = rooms.enter(members[0]), rooms.enter(members[1])
    for phone in (author, neighbour):
        phone.set_viewport_size(PHONE)
    places = [Place(rooms, people, name) for name in PLACES[:2]]
    referral = suggest(author)
    support(neighbour, referral)
    study(desk, referral, places)
    give_view(desk, office, referral)
    sitting = put_to_vote(desk, people, referral, members)
    vote(desk, sitting, people["officer"])
    read_minutes(desk, sitting, referral)
    referral.refresh_from_db()
    assert referral.state == ReferralState.ADOPTED
    author.goto(where("my-suggestion", referral.pk))
    expect(author.locator("main")).to_contain_text("5 pour, 1 contre, 0 abstention.")
