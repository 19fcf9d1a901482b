"""The whole story in a real browser: convened, answered, held, written, corrected, approved, sealed, sent, verified.

Two things are not waited for: the ten days of corrections and the three months to the next plenary are moved in the
database. Everything else is done on the screens, by the persons to whom it belongs.
"""

import hashlib
import re
import time
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.documents.models import Document, Revision
from assembly.documents.seal import checking
from assembly.notifications.models import Delivery, DeliveryState, LocalMessage, Way
from members.models import Seat
from sessions.attendance import actions as attendance
from sessions.models import Correction, Invitee, Minutes, MinutesSection, MinutesState, Reply, Sitting, SittingState
from tests.browsing import StrictClient
from tests.factories.identity import UserFactory
from tests.factories.institution import CantonFactory, RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, SittingFactory, put_today
from tests.verapdf import verdicts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
MEMBERS, ON_PAPER, IN_THE_ROOM = 108, 4, 60


@pytest.fixture
def assembly(people, settings):
    """Make 108 members, four without e-mail, three with an account; mail is sent to the mailbox page."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    cantons = [CantonFactory(assembly=people.assembly) for _ in range(27)]
    mandates = [
        MandateFactory(
            term=people.term,
            member__canton=cantons[number % 27],
            member__person__first_name=f"Camille{number}",
            member__person__last_name=f"Dupont{number:03}",
            seat=Seat.objects.create(term=people.term, canton=cantons[number % 27], gender="F", rank=number // 27 + 1),
            paper=number >= MEMBERS - ON_PAPER,
        )
        for number in range(MEMBERS)
    ]
    accounts = [UserFactory(person=mandate.member.person) for mandate in mandates[:3]]
    for user in accounts:
        RoleAssignmentFactory(user=user, role="member", term=people.term)
    return accounts


class Rooms:
    """A browser for each person of the story."""

    def __init__(self, open_context, people, site):
        self.open_context, self.people, self.site = open_context, people, site

    def enter(self, user):
        client = StrictClient().enter(self.people.ready(user))
        context = self.open_context()
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.site,
                }
            ]
        )
        return context.new_page()


def where(name, *args):
    return reverse(f"sittings:{name}", args=args)


def wait_for(found, seconds=60):
    """Ask until there is an answer: the workers take their time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.3)
    raise AssertionError("waited in vain")


def take_step(page, minutes, slug, button):
    page.goto(where("minutes-step", minutes.pk, slug))
    page.get_by_role("button", name=button).click()
    expect(page.locator(".alert-done").first).to_be_visible()


def convene(desk):
    """The officer plans a plenary, lays out two points, reads the preview, convenes 108 persons."""
    desk.goto(where("create", "plenary", "blank"))
    today = timezone.localdate().isoformat()
    for name, value in {"title": "Plénière d’automne", "day": today, "starts": "00:01", "ends": "23:59"}.items():
        desk.locator(f"[name={name}]").fill(value)
    desk.locator("[name=place_name]").fill("Hôtel du Département")
    desk.get_by_role("button", name="Créer la séance").click()
    sitting = wait_for(lambda: Sitting.objects.filter(title="Plénière d’automne").first())
    desk.goto(where("sitting", sitting.pk))
    desk.get_by_role("button", name="Ajouter un point").click()
    desk.keyboard.type("Le schéma Autonomie")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Le carnet de mi-parcours")
    last = wait_for(lambda: sitting.agenda.filter(title="Le carnet de mi-parcours").first())
    desk.goto(where("item-edit", sitting.pk, last.pk))
    desk.locator("[name=kind]").select_option("vote")
    desk.get_by_role("button", name="Enregistrer").click()
    expect(desk.locator("main")).to_contain_text("Point enregistré.")
    desk.goto(where("notify", sitting.pk))
    desk.get_by_role("button", name=f"Convoquer {MEMBERS} personnes").click()
    wait_for(lambda: Sitting.objects.filter(pk=sitting.pk, state=SittingState.NOTIFIED).first())
    return sitting


def answer_from_the_mail(member_page, person):
    """A member opens the mail, follows the personal link, says yes, without signing in."""
    wait_for(lambda: LocalMessage.objects.filter(recipients__icontains=person.email).exists())
    member_page.goto(f"/boite-mail/?a={person.email}")
    member_page.get_by_role("link", name=re.compile("convocation", re.IGNORECASE)).first.click()
    member_page.locator(".mailbox-text a[href*='/reponse/']").first.click()
    member_page.get_by_role("button", name="Je confirme : je viens").click()
    expect(member_page.locator(".alert-done")).to_be_visible()
    assert Invitee.objects.get(person=person).reply == Reply.WILL_ATTEND


def hold(desk, sitting, officer):
    """The sitting opens, three members are tapped on the screen, the others arrive by the same action, it closes."""
    desk.goto(where("roll", sitting.pk))
    desk.get_by_role("link", name="Ouvrir la séance").click()
    desk.get_by_role("button", name="Ouvrir la séance").click()
    for number in range(3):
        desk.get_by_role("button", name=f"Présent·e Camille{number} Dupont{number:03}").click()
        expect(desk.locator("#chiffres")).to_contain_text(f"{number + 1} membre")
    for invitee in Invitee.objects.filter(sitting=sitting).order_by("person__sort_name")[3:IN_THE_ROOM]:
        attendance.record_arrival(invitee, by=officer)


def count_votes(desk, sitting):
    """A vote on the second point while everybody is there: two counters, a sum that fits the room, a decision."""
    item = sitting.agenda.get(title="Le carnet de mi-parcours")
    desk.goto(where("ballot-prepare", item.pk))
    desk.locator("[name=question]").fill("Adopter le carnet de mi-parcours ?")
    desk.get_by_role("button", name="Préparer le vote").click()
    votes = {"votes_for": 52, "votes_against": 3, "abstentions": 5, "no_opinion": 0}
    for name, value in (votes | {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}).items():
        desk.locator(f"[name={name}]").fill(str(value))
    desk.get_by_role("button", name="Noter le compte").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    desk.goto(where("decision-add", item.pk))
    desk.locator("[name=text]").fill("Le carnet de mi-parcours est adopté.")
    desk.locator("[name=ballot]").select_option(label="Par le vote « Adopter le carnet de mi-parcours ? »")
    desk.get_by_role("button", name="Noter la décision").click()
    expect(desk.locator(".alert-done").first).to_be_visible()


def close(desk, sitting):
    desk.goto(where("roll", sitting.pk))
    desk.get_by_role("link", name="Clore la séance").click()
    desk.get_by_role("button", name="Clore la séance").click()
    wait_for(lambda: Sitting.objects.filter(pk=sitting.pk, state=SittingState.CLOSED).first())


def write(desk, sitting):
    """The officer begins the minutes and types one summary a point; the page saves by itself."""
    desk.goto(where("minutes", sitting.pk))
    desk.get_by_role("button", name="Commencer le compte rendu").click()
    texts = {
        "Le schéma Autonomie": "Camille2 Dupont002 demande qui paie. Le schéma sera voté en décembre 2026.",
        "Le carnet de mi-parcours": "Le carnet est présenté, puis adopté.",
    }
    for title, text in texts.items():
        desk.locator("#plan").get_by_role("link", name=re.compile(title)).click()
        expect(desk.get_by_role("heading", name=title, exact=True)).to_be_visible()
        desk.locator("#summary-text").click()
        desk.keyboard.type(text)
        expect(desk.locator("#save-state")).to_contain_text("Vous pouvez fermer")
    minutes = Minutes.objects.select_related("sitting").get(sitting=sitting)
    assert MinutesSection.objects.filter(minutes=minutes).exclude(summary_html="").count() == 2
    return minutes


def circulate(desk, minutes):
    desk.goto(where("minutes-step", minutes.pk, "fonctions"))
    for name, person in (("chair", "Camille0 Dupont000"), ("secretary", "Camille1 Dupont001")):
        desk.locator(f"[name={name}]").select_option(label=person)
    desk.get_by_role("button", name="Enregistrer").click()
    take_step(desk, minutes, "relire", "Faire contrôler")
    take_step(desk, minutes, "circuler", "Faire relire")


def correct(member_page, desk, minutes):
    """A member who was there asks; the officer accepts in one click; the ten days pass."""
    member_page.goto(where("minutes-list"))
    member_page.get_by_role("link", name=re.compile("Plénière d’automne")).click()
    item = minutes.sitting.agenda.get(title="Le schéma Autonomie")
    member_page.locator(f"a[href='{where('correction-ask', minutes.pk, item.pk)}']").click()
    member_page.get_by_label("Ce qui est écrit").last.fill("décembre 2026")
    member_page.get_by_label("Ce qu’il faudrait lire").fill("novembre 2026")
    member_page.get_by_role("button", name="Envoyer ma demande").click()
    expect(member_page.locator(".alert-done").first).to_be_visible()
    desk.goto(where("minutes", minutes.sitting_id))
    desk.get_by_role("link", name=re.compile("^Accepter")).click()
    desk.get_by_role("button", name="Accepter", exact=True).click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    assert Correction.objects.get().state == "accepted"
    assert "novembre 2026" in MinutesSection.objects.get(agenda_item__title="Le schéma Autonomie").summary_html
    Minutes.objects.filter(pk=minutes.pk).update(corrections_until=timezone.now() - timezone.timedelta(minutes=1))


def approve(desk, minutes, people):
    """Submitted to the next plenary, three months later, which adopts without observation once its quorum is there."""
    following = SittingFactory(term=people.term, notified=True, title="Plénière d’hiver", officer=people["officer"])
    AgendaItemFactory(sitting=following, title="Ouverture", kind="opening", position=1)
    take_step(desk, minutes, "soumettre", "Soumettre à l’approbation")
    put_today(following, SittingState.OPEN)
    desk.goto(where("minutes-step", minutes.pk, "approuver"))
    desk.get_by_role("button", name="Noter l’approbation").click()
    expect(desk.get_by_role("alert")).to_contain_text("0 membre présent, il en faut 54")
    assert Minutes.objects.get(pk=minutes.pk).approved_at is None
    for invitee in Invitee.objects.filter(sitting=minutes.sitting).order_by("person__sort_name")[:IN_THE_ROOM]:
        attendance.record_arrival(InviteeFactory(sitting=following, person=invitee.person), by=people["officer"])
    take_step(desk, minutes, "approuver", "Noter l’approbation")


def give_visa(page, minutes):
    page.goto(where("minutes-read", minutes.pk))
    page.get_by_role("link", name="Donner mon visa").click()
    page.get_by_role("button", name="Donner mon visa").click()
    expect(page.locator(".alert-done").first).to_be_visible()


def seal_and_distribute(desk, minutes):
    take_step(desk, minutes, "sceller", "Sceller")
    wait_for(lambda: Minutes.objects.filter(pk=minutes.pk, state=MinutesState.SIGNED).exists(), 90)
    desk.goto(where("minutes-step", minutes.pk, "diffuser"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text(f"Diffuser à {MEMBERS} personnes")
    desk.get_by_role("button", name="Diffuser").click()
    expect(desk.locator(".alert-done").first).to_be_visible()
    take_step(desk, minutes, "publier", "Publier")
    sealed = Delivery.objects.filter(distribution__kind="minutes-sealed")
    wait_for(lambda: sealed.filter(state=DeliveryState.SENT).count() == MEMBERS - ON_PAPER, 90)
    assert sealed.count() == MEMBERS
    assert sealed.filter(way=Way.PAPER, state=DeliveryState.QUEUED).count() == ON_PAPER


def file_received(page, person, folder):
    """Download the sealed file from the mailbox of a member."""
    page.goto(f"/boite-mail/?a={person.email}")
    page.get_by_role("link", name=re.compile("Procès-verbal de la séance plénière")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"-PV\.pdf")).click()
    path = Path(folder) / "recu.pdf"
    download.value.save_as(path)
    return path


def check_with_the_public_page(page, path, words, *, whole=False):
    page.goto("/verifier/")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Vérifier le fichier").click()
    if whole:
        page.locator("#whole").set_input_files(path)
        page.get_by_role("button", name="Envoyer le fichier").click()
    expect(page.locator(".verdict")).to_contain_text(words, timeout=60_000)


def untagged(path):
    with pikepdf.new() as blank:
        blank.add_blank_page()
        blank.save(path)
    return path


def altered(path):
    """Return the file with one byte of its first page changed."""
    content = bytearray(path.read_bytes())
    place = content.index(b"stream") + 40
    content[place] ^= 1
    copy = path.with_name("modifie.pdf")
    copy.write_bytes(content)
    return copy


def test_from_the_convocation_to_the_sealed_minutes(open_context, site, people, assembly, worker, tmp_path):
    chair, secretary, member = assembly
    rooms = Rooms(open_context, people, site)
    desk = rooms.enter(people["officer"])
    public = open_context(accept_downloads=True).new_page()
    sitting = convene(desk)
    answer_from_the_mail(public, member.person)
    hold(desk, sitting, people["officer"])
    count_votes(desk, sitting)
    close(desk, sitting)
    minutes = write(desk, sitting)
    circulate(desk, minutes)
    correct(rooms.enter(member), desk, minutes)
    approve(desk, minutes, people)
    give_visa(rooms.enter(chair), minutes)
    give_visa(rooms.enter(secretary), minutes)
    seal_and_distribute(desk, minutes)

    received = file_received(public, member.person, tmp_path)
    assert Revision.objects.filter(blob_id=sha256(received), document__reference__endswith="-PV").exists()
    assert verdicts(received) == {"3a": [], "ua1": []}
    assert all(verdicts(untagged(tmp_path / "nu.pdf")).values())
    assert signatures(received) == [("cachet", True)]
    check_with_the_public_page(public, received, "authentique")
    check_with_the_public_page(public, altered(received), "modifié", whole=True)
    published = Document.objects.get(reference__endswith="-PV-PUB")
    page = public.request.get(f"/publications/{published.reference}.pdf")
    assert page.ok
    public_words = b"".join(embedded(page.body(), tmp_path))
    for first, last in (("Camille2", "Dupont002"), ("Camille5", "Dupont005")):
        assert first.encode() not in public_words
        assert last.encode() not in public_words


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def signatures(path):
    """Return each signature of the file and whether it validates against the trust of this installation."""
    report = checking.check_seals(path, Path(settings.SEAL_TRUST_FILE))
    return [(found["field"], found["accepted"]) for found in report["signatures"]]


def embedded(content, folder):
    """Return the data in a file, and its metadata."""
    path = Path(folder) / "public.pdf"
    path.write_bytes(content)
    with pikepdf.open(path) as pdf:
        yield from (pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments)
        yield str(pdf.open_metadata()).encode()
