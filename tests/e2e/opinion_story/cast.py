"""Who plays the story of an opinion, the house they play it in, and who watches the journal and the mailbox."""

import io
import re
import time
from collections import Counter
from email.utils import parseaddr

import docx
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from assembly.audit.models import Entry
from assembly.collab.document.grammar import PROMPTS
from assembly.files.fields import CheckedFile
from assembly.institution.models import Canton, CommitteeFunction, Role
from assembly.notifications.models import LocalMessage
from demo import referrals
from demo.days import paris
from demo.institution import create_assembly, directorate, directorate_staff
from demo.plenaries import INSTALLATION
from opinions.models import Opinion, OpinionSection, ServicesRequest
from tests.e2e.test_referral_story import mail_of
from tests.factories.identity import UserFactory
from tests.factories.institution import CommitteeMembershipFactory, RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.live import PHONE

NAMES = {
    "maryse": ("Maryse", "Caubet"),
    "joel": ("Joël", "Fontan"),
    "nadia": ("Nadia", "Ferran"),
    "hugo": ("Hugo", "Sarda"),
    "lucie": ("Lucie", "Bonnet"),
    "jeanne": ("Jeanne", "Vidal"),
}
QUESTION, TITLE = "S-2025-01", "Bien vieillir en Haute-Garonne"
MOVE, CARE = "Se déplacer et accéder aux services", "Prévention, santé et perte d’autonomie"
GROUPS = {MOVE: ("maryse", "joel"), CARE: ("nadia", "hugo")}
SLUGS = {MOVE: "se-deplacer", CARE: "prevention"}
# Of the five directorates that the question names, the two that are asked: who answers, who does not.
PLACES = ("mobilites", "autonomie")
TYPED = {MOVE: "Prolonger le dernier bus", CARE: "Un bus de consultations"}
BROUGHT = {
    MOVE: ["Un abri à chaque arrêt", "Un guichet du transport", "Des vélos à louer", "Des taxis partagés"],
    CARE: [
        "Un guichet des transports",
        "Un médecin le samedi",
        "Des soins à domicile",
        "Une maison de santé",
        "Des rendez-vous par téléphone",
    ],
}
TWICE, KEPT = "Un guichet des transports", "Un guichet du transport"
TEN = 10
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(group):
    """Return a text that a group wrote before, as a Word file of the template."""
    document = docx.Document()
    for title in BROUGHT[group]:
        document.add_heading(title, level=3)
        for prompt, words_of_it in PROMPTS.items():
            document.add_paragraph(str(words_of_it))
            document.add_paragraph(f"{title}, {prompt} : une réponse en une phrase.")
    target = io.BytesIO()
    document.save(target)
    return CheckedFile("groupe.docx", WORD, target.getvalue())


@transaction.atomic
def ask_the_question():
    """S-2025-01 up to the groups at work: prepared, issued, received at the installation, confided to two groups."""
    house = create_assembly()
    referrals.issue(house, referrals.draft(house))
    day = {"starts_at": paris("2025-11-29 09:00"), "ends_at": paris("2025-11-29 17:00")}
    received = SittingFactory(term=house.term, held=True, title="Séance d’installation", **day)
    AgendaItemFactory(sitting=received, title=next(title for title, *_ in INSTALLATION if "bien vieillir" in title))
    referrals.accept(house, groups=tuple(SLUGS.values()))
    return house


class Cast(dict):
    """`cast["maryse"]`: a user; `cast.desk`, `cast.phone["lucie"]`: their browsers; `cast.house`, `cast.referral`."""

    def __init__(self, rooms, people):
        super().__init__()
        self.rooms, self.people, self.phones = rooms, people, {}
        self.house = ask_the_question()
        self.referral = referrals.get_referral(self.house)
        self.officer, self.offices = self.house.officer, [self.house.users[role] for role in ("president", "sponsor")]
        home = {"term": people.term, "member__canton": Canton.objects.get(name="Revel")}
        for who, (first, last) in NAMES.items():
            person = MandateFactory(**home, member__person__first_name=first, member__person__last_name=last)
            self[who] = UserFactory(person=person.member.person)
            RoleAssignmentFactory(user=self[who], role=Role.MEMBER, term=people.term)
        for name, (lead, other) in GROUPS.items():
            seat = {"committee": self.house.committees[SLUGS[name]]}
            CommitteeMembershipFactory(**seat, person=self[lead].person, function=CommitteeFunction.GROUP_LEAD)
            CommitteeMembershipFactory(**seat, person=self[other].person)
        self.desk, self.public = rooms.enter(self.officer), rooms.open_context().new_page()

    def emails(self, *who):
        return {(self[name] if isinstance(name, str) else name).person.email for name in who}

    def page(self, who):
        """Return the browser of one member, at the size of a phone, kept from one act to the next."""
        if who not in self.phones:
            self.phones[who] = self.rooms.enter(self[who])
            self.phones[who].set_viewport_size(PHONE)
        return self.phones[who]


class Watch:
    """What was written in the journal, and whom mails told, since the last look."""

    def __init__(self):
        self.entry = self.mail = 0
        self.look()

    def look(self):
        self.entry = max(Entry.objects.values_list("pk", flat=True), default=0)
        self.look_at_mails()

    def wrote(self, *verbs):
        """Check that exactly these journal lines were written, except those about mails; « verb*3 » means three."""
        expected = Counter()
        for verb in verbs:
            name, _star, count = verb.partition("*")
            expected[name] += int(count or 1)
        rows = Entry.objects.filter(pk__gt=self.entry).exclude(event_type__startswith="distribution.")
        assert Counter(rows.values_list("event_type", flat=True)) == expected
        self.entry = max(rows.values_list("pk", flat=True), default=self.entry)

    def told(self, subject, emails):
        """Check that each of these addresses got one mail and no other did; `subject` is a part of its subject."""

        def sent():
            rows = LocalMessage.objects.filter(pk__gt=self.mail).values_list("recipients", "subject")
            return Counter((parseaddr(to)[1], subject if subject in title else title) for to, title in rows)

        expected = Counter((email, subject) for email in emails)
        end = time.monotonic() + 30
        while sent() != expected and time.monotonic() < end:
            time.sleep(0.05)
        assert sent() == expected
        self.look_at_mails()

    def look_at_mails(self):
        self.mail = max(LocalMessage.objects.values_list("pk", flat=True), default=0)

    def told_nobody(self):
        assert not LocalMessage.objects.filter(pk__gt=self.mail).exists()


class Place:
    """A directorate that reads: its contact writes notes, its approver gives the visa."""

    def __init__(self, cast, code):
        self.row, self.rooms = directorate(cast.house, code), cast.rooms
        self.contact, self.approver = directorate_staff(cast.house)[code]

    def request(self):
        return ServicesRequest.objects.get(directorate=self.row)


def where(name, *args):
    return reverse(f"opinions:{name}", args=args)


def done(page, words_of_it=""):
    expect(page.locator(".alert-done").first).to_contain_text(words_of_it)


def as_it_is(page):
    """Say that the empty passages were read, where the page lists some: the story writes few of the six answers."""
    box = page.locator("[name=blanks_seen]")
    if box.count():
        box.check()


def follow(page, person, subject, path):
    """Open a mail, follow its link: behind the sign-in, the right page."""
    mail_of(page, person, subject).locator(f"a[href$='{path}']").first.click()
    expect(page).to_have_url(re.compile(f"{path}$"))


def state_of(opinion):
    return Opinion.objects.values_list("state", flat=True).get(pk=opinion.pk)


def section_of(opinion, title):
    return OpinionSection.objects.select_related("text").get(opinion=opinion, title=title)
