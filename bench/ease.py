"""What stories cost in a browser: pages loaded, clicks on a button or a link, fields filled, single keys pressed.

    PORT=8153 ./run          in another window, with the demonstration
    .venv/bin/python -m bench.ease http://127.0.0.1:8153

A load is a document that the browser requested; what a script puts into the page is none. The bench writes into the
demonstration: a sitting of today, its vote, its minutes, an answer of a directorate; then, at the desk, sixty claims
from a workbook, their check by a second person, a message to a group, a task, a room for a sitting to come.
"""

import io
import re
import shutil
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
from playwright.sync_api import Browser, Locator, expect, sync_playwright

from bench.report import print_report, say
from tests.live import BROWSERS, CHROMIUM_ARGUMENTS

POINTS = (
    "Accueil",
    "Approbation du compte rendu",
    "Le schéma Autonomie",
    "Présentation",
    "Questions des membres",
    "Travail en groupes",
    "Vote sur les priorités",
    "Suites",
)
# Counted by hand on 2026-11-25, before the day screen, the lists written line by line and the dialogs.
BEFORE = {
    "officer": {"loads": 31, "clicks": 55, "fields": 43},
    "correction": {"loads": 3, "fields": 3},
    "amendment": {"loads": 4, "fields": 4},
    "sent back": {"loads": 17, "clicks": 13},
    "60 claims": {"loads": 180, "clicks": 180},  # each opened, its question, its answer
}
SLOW = 60_000
SAVED = 2500  # a form that saves as one types has saved by then
PAUSE = 500
TITLE = "Plénière comptée"
GROUP, TO_COME, ROOM = "Habiter", "Comité de suivi de décembre", "Écran et projecteur"
CLAIMS = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHAIR, SECRETARY = "Amina Gasc", "Nadia Fauré"
VOTE = {
    "votes_for": "100",
    "votes_against": "0",
    "abstentions": "5",
    "no_opinion": "0",
    "second_counter": "Amina Gasc",
}


class Person:
    """A user at a browser, with counts of what they did."""

    def __init__(self, browser: Browser, site: str, account: str = "") -> None:
        context = browser.new_context(
            base_url=site, viewport={"width": 1280, "height": 900}, locale="fr-FR", timezone_id="Europe/Paris"
        )
        context.set_default_timeout(SLOW)
        self.page = context.new_page()
        self.main = self.page.get_by_role("main")
        if account:
            self.page.goto("/compte/connexion/")
            self.page.locator(f"form:has(input[value='{account}@demo.example.org']) button").click()
            self.page.wait_for_url(re.compile("/(bureau|espace|instructions)/"))
        self.done = dict.fromkeys(("loads", "clicks", "fields", "keys"), 0)
        self.page.on("domcontentloaded", lambda page: self.count("loads"))

    def count(self, what: str) -> None:
        self.done[what] += 1

    def click(self, target: Locator) -> None:
        self.count("clicks")
        target.first.click()

    def press(self, text: str, within: Locator | None = None) -> None:
        """Click the link or the button whose label begins with this text."""
        pattern = re.compile("^" + text.replace(" ", r"\s"))
        container = within or self.main
        self.click(container.get_by_role("button", name=pattern).or_(container.get_by_role("link", name=pattern)))

    def answer(self, text: str) -> None:
        """Click a button of the dialog that opened over the page."""
        self.press(text, self.page.get_by_role("dialog"))

    def follow(self, address: str) -> None:
        """Open the link of a mail."""
        self.count("clicks")
        self.page.goto(address)

    def fill(self, target: str, text: str) -> None:
        self.count("fields")
        self.page.locator(target).first.fill(text)

    def key(self, key: str) -> None:
        self.count("keys")
        self.page.keyboard.press(key)

    def find(self, target: str, text: str, key: str) -> None:
        """Type a search and choose the match with a key."""
        self.fill(target, text)
        self.key(key)

    def story(self, address: str) -> None:
        """Begin to count anew on this page."""
        self.page.goto(address)
        self.done = dict.fromkeys(self.done, 0)

    def sees(self, text: str) -> None:
        expect(self.main).to_contain_text(re.compile(text.replace(" ", r"\s")), timeout=SLOW)


def convene(officer: Person) -> None:
    """Convene a plenary of eight items today, from the menu to its convocation."""
    page = officer.page
    officer.click(page.get_by_role("navigation", name="Bureau").get_by_role("link", name="Séances"))
    officer.press("Créer une séance")
    officer.click(page.get_by_label("une page blanche"))
    officer.press("Continuer")
    day = datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()
    facts = {"title": TITLE, "day": day, "starts": "00:01", "ends": "23:59", "place_name": "Hôtel du Département"}
    for name, text in facts.items():
        officer.fill(f"[name={name}]", text)
    officer.find("#id_chair", CHAIR, "Tab")
    officer.find("#id_secretary", SECRETARY, "Tab")
    officer.press("Créer la séance")
    officer.sees("Complétez son ordre du jour")
    expect(page.locator("[data-assembly-outline] :focus")).to_be_visible(
        timeout=SLOW
    )  # the line that has no title yet
    already = page.locator("[data-assembly-outline] [data-key]").count()
    for title in POINTS[already:]:
        officer.count("fields")
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        page.wait_for_timeout(PAUSE)
    page.wait_for_timeout(SAVED)
    officer.press("Convoquer")
    officer.answer("Convoquer")
    officer.sees("personnes convoquées")


def hold(officer: Person) -> None:
    """Hold the sitting: opened, everybody present, a note, a vote, the next item, closed."""
    page = officer.page
    officer.press("Conduire la séance")
    officer.press("Ouvrir la séance")
    officer.answer("Ouvrir la séance")
    officer.sees("Séance ouverte")
    officer.press("Tous présents, sauf")
    officer.press("Voir qui sera noté présent")
    officer.press("Noter")
    officer.press("Point, votes et notes")
    officer.press("Ouvrir :")
    officer.sees("Point 1 sur 8")
    officer.fill("[name=text]", "On demande un calendrier.")
    officer.click(page.locator("#votes summary"))
    for name, text in VOTE.items():
        officer.fill(f"[name={name}]", text)
    officer.press("Noter le vote")
    officer.click(page.get_by_role("link", name="Proclamer le résultat"))
    officer.answer("Proclamer le résultat")
    officer.sees("Le résultat est proclamé")
    officer.press("Point suivant")
    officer.sees("Point 2 sur 8")
    officer.press("Clore la séance")
    officer.answer("Clore la séance")
    officer.sees("Séance close")


def write(officer: Person) -> None:
    """Write the minutes: each item summarised, then checked and sent for review."""
    page = officer.page
    officer.press("Commencer le compte rendu")
    officer.sees("Point 1 sur")
    points = page.locator(".plan-items li").count()
    for at in range(1, points + 1):
        if at > 1:
            officer.press("Point suivant")
            officer.sees(f"Point {at} sur")
        officer.fill("#summary-text", f"Résumé du point {at} : le calendrier est présenté, puis discuté.")
    page.wait_for_timeout(SAVED)
    officer.press("Faire contrôler", page.locator(".bench-head"))
    officer.answer("Faire contrôler")
    officer.press("Faire relire")
    officer.answer("Faire relire")
    officer.sees("En relecture depuis")


def reply_from_the_room(member: Person) -> None:
    member.page.reload()
    while not member.main.get_by_text(
        "Je viens", exact=True
    ).count():  # the convocation goes out after the page of the officer
        member.page.wait_for_timeout(PAUSE)
        member.page.reload()
    member.done["loads"] = 0
    member.press("Je viens")
    member.sees("C’est noté")


def newest_mail(reader: Person) -> str:
    reader.page.goto("/boite-mail/")
    links = reader.main.get_by_role("link", name=re.compile(f"{TITLE}.*convocation"))
    return (links.first.get_attribute("href") or "") if links.count() else ""


def reply_from_the_mail(reader: Person, before: str) -> None:
    """Reply from the link in the last of the new mails, as the person who received it."""
    while (mail := newest_mail(reader)) == before:
        reader.page.wait_for_timeout(PAUSE)
    reader.page.goto(mail)
    link = reader.page.locator(".mailbox-text a[href*='/reponse/']").first.get_attribute("href") or ""
    reader.done["loads"] = 0
    reader.follow(link)
    reader.press("Je confirme : je viens")
    reader.sees("C’est noté")


def correct(member: Person) -> None:
    """Send a correction in the text of the minutes, from the members’ area."""
    member.press("Relire le compte rendu")
    member.click(member.page.locator(".in-text-passage").filter(has_text="Résumé du point 2"))
    member.fill("textarea:visible", "Résumé du point 2 : le budget est présenté, puis discuté.")
    member.page.get_by_label("Pourquoi ?").locator("visible=true").first.fill("C’était le budget.")
    member.count("fields")
    member.press("Envoyer ma demande")
    member.sees("Votre demande est reçue")


def send_back(contact: Person, approver: Person) -> None:
    """Hand in a directorate’s answer, sent back once and given again; each person returns by the link of a mail."""
    contact.press("Rendre la contribution suivante")
    contact.page.wait_for_url("**/instructions/avis/*/")
    answer = contact.page.url
    contact.fill("[name=summary]", "Faisable dans 31 collèges.")
    hand_in(contact)
    approver.follow(f"{answer}visa/")
    approver.click(approver.page.get_by_text("Renvoyer à reprendre"))
    approver.fill("[name=reason]", "Chiffrez par canton.")
    approver.press("Renvoyer")
    approver.sees("renvoyée")
    contact.follow(answer)
    contact.fill("[name=summary]", "Faisable dans 31 collèges, trois par canton.")
    hand_in(contact)
    approver.follow(f"{answer}visa/")
    approver.press("Donner mon visa")
    approver.sees("rendue à l’Assemblée")


def hand_in(contact: Person) -> None:
    contact.page.wait_for_timeout(SAVED)
    contact.press("Relire avant de rendre")
    contact.press("Envoyer au visa")
    contact.sees("envoyée au visa")


def claims_file(officer: Person) -> bytes:
    """Return a workbook of claims for the sitting that was just held, as an officer keys them, one for each member."""
    officer.page.goto("/bureau/frais/papier/")
    sittings = officer.page.locator("#seance")
    sittings.select_option(label=sittings.locator("option", has_text=TITLE).first.inner_text())
    officer.press("Choisir")
    officer.page.wait_for_url("**seance=**")
    members = officer.page.locator("[name=l0-invitee] option").all_text_contents()
    book = openpyxl.Workbook()
    book.active.append(("Remboursements de la plénière",))
    book.active.append(("Séance", "Nom", "Prénom", "Reçue", "Reçue le", "Km"))
    today = f"{datetime.now(ZoneInfo('Europe/Paris')):%d/%m/%Y}"
    for at, member in enumerate(members[1 : CLAIMS + 1]):
        last, _comma, first = member.partition(", ")
        book.active.append((TITLE, last, first, "papier", today, 40 + at))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def import_claims(officer: Person) -> None:
    """Bring the claims that came on paper in from a workbook, from their list."""
    page, content = officer.page, claims_file(officer)
    officer.story("/bureau/frais/")
    officer.press("Importer")
    officer.count("fields")
    page.set_input_files("input[type=file]", {"name": "frais.xlsx", "mimeType": XLSX, "buffer": content})
    officer.press("Envoyer et vérifier")
    officer.press("Vérifier les lignes")
    officer.press(f"Importer {CLAIMS} demandes")
    officer.sees(f"{CLAIMS} sur {CLAIMS}|Demandes ajoutées|Import terminé")


def check_claims(lead: Person) -> int:
    """Check the claims that wait, each read with its receipts, by keyboard; return how many are noted."""
    page = lead.page
    lead.story("/bureau/")
    for line in ("Séances", "Remboursements"):
        lead.click(page.get_by_role("navigation", name="Bureau").get_by_role("link", name=re.compile(f"^{line}")))
    page.wait_for_url("**/bureau/frais/")
    lead.press("À contrôler")
    page.wait_for_url("**etat=submitted**")
    checked = 0
    while checked < CLAIMS:  # a page of the list at a time
        page.wait_for_load_state("networkidle")
        checked += check_a_page(lead)
    return checked


def check_a_page(lead: Person) -> int:
    page = lead.page
    lead.key("j")
    lead.key("Enter")
    opened, noted = page.locator("tr.opened"), page.get_by_role("button", name=re.compile(r"^Noter le contrôle \("))
    while not noted.evaluate_all("buttons => buttons.some(button => button === document.activeElement)"):
        before = opened.get_attribute("data-assembly-row")
        lead.key("a")
        page.wait_for_function(
            "before => document.querySelector('tr.opened')?.dataset.assemblyRow !== before", arg=before
        )
    lead.key("Enter")
    lead.press("Noter le contrôle")
    status = page.get_by_role("status").filter(has_text=re.compile(r"\d+\sdemandes? (?:est|sont) contrôlée")).first
    return int(re.findall(r"\d+", status.inner_text())[0])


def write_to_a_group(officer: Person) -> None:
    """Write to the members of a group, from its page."""
    officer.story("/bureau/comites/")
    officer.press(GROUP)
    officer.page.get_by_role("heading", name=GROUP, level=1).wait_for()
    officer.done = dict.fromkeys(officer.done, 0)
    officer.press("Écrire")
    for label, text in (("Objet", "Visite de jeudi"), ("Texte", "Rendez-vous à 9 h devant la mairie.")):
        officer.count("fields")
        officer.main.get_by_label(label, exact=True).fill(text)
    officer.press("Relire")
    officer.press("Envoyer à")
    officer.page.get_by_role("heading", name="Visite de jeudi").first.wait_for()


def note_a_task(officer: Person) -> None:
    officer.story("/bureau/comites/")
    officer.count("fields")
    officer.page.get_by_label("Noter une tâche").fill("rappeler la mairie jeudi")
    officer.click(officer.page.get_by_role("button", name="Me le rappeler"))
    officer.page.get_by_role("status").filter(has_text="C’est noté").wait_for()


def book_a_room(officer: Person) -> None:
    """Book a room for a sitting to come, from its page."""
    page = officer.page
    page.goto("/bureau/seances/")
    officer.press(TO_COME)
    page.get_by_role("heading", name=TO_COME, level=1).wait_for()
    officer.done = dict.fromkeys(officer.done, 0)
    officer.press("Réserver une salle")
    officer.click(page.get_by_label(ROOM))
    officer.press("Réserver")
    officer.sees("C’est réservé")


def find_a_number(officer: Person) -> None:
    """Find whom a telephone number belongs to, from any page."""
    officer.story("/bureau/annuaire/")
    shown = officer.main.locator("a[href^='tel:']").first
    number = shown.inner_text()
    officer.find("#q", number, "Enter")
    officer.main.get_by_text(number).first.wait_for()


def desk_counts(officer: Person, lead: Person) -> dict[str, dict[str, int]]:
    """Return what each story of the daily desk costs."""
    import_claims(officer)
    counts = {f"{CLAIMS} claims from a workbook": officer.done}
    say(f"imported: {officer.done}")
    counts |= {f"{check_claims(lead)} claims": lead.done}
    say(f"checked: {lead.done}")
    for story in (write_to_a_group, note_a_task, book_a_room, find_a_number):
        story(officer)
        counts[story.__name__.replace("_", " ")] = officer.done
        say(f"{story.__name__}: {officer.done}")
    return counts


def main(site: str) -> None:
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    counts: dict[str, dict[str, int]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_ARGUMENTS)
        officer, lead, member, reader, contact, approver = (
            Person(browser, site, name) for name in ("officer", "lead", "member", "", "dir_contact", "dir_approver")
        )
        mail = newest_mail(reader)
        convene(officer)
        say(f"convened: {officer.done}")
        reply_from_the_room(member)
        reply_from_the_mail(reader, mail)
        counts |= {"answer in the room": dict(member.done), "answer from the mail": reader.done}
        hold(officer)
        say(f"held: {officer.done}")
        write(officer)
        say(f"sent for review: {officer.done}")
        member.page.goto("/espace/")
        member.done |= dict.fromkeys(member.done, 0)
        correct(member)
        send_back(contact, approver)
        both = {what: contact.done[what] + approver.done[what] for what in contact.done}
        counts |= {"officer": officer.done, "correction": member.done, "sent back": both}
        counts |= desk_counts(officer, lead)
        browser.close()
    print_report("ease", counts, baseline=BEFORE, packages=("django", "playwright"))


if __name__ == "__main__":
    main(sys.argv[1])
