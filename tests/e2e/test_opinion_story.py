"""The story of an opinion in real browsers: from referral S-2025-01 to what anybody reads on the site.

The referral is the demonstration's, told by the demonstration itself up to the groups at work: its path in a browser
is another story. Time is moved in the database: the day when amendments close, the day of the plenary. Each step is
done on the screens by the person to whom it belongs; where the same step comes again (the next note, the next check
of form), the rest of it is done by the same acts without a browser. After each step the story looks at the journal
and at the mailbox: nothing else moved, nobody else was told.
"""

import io
import json
import re
import time
from collections import Counter
from datetime import timedelta
from email.utils import parseaddr

import docx
import pikepdf
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.audit.models import Entry
from assembly.collab.actions import digest
from assembly.collab.document import recommendations, words
from assembly.collab.document.grammar import PROMPTS
from assembly.collab.enums import SuggestionState
from assembly.collab.models import Comment, Suggestion
from assembly.collab.queries import tree_of
from assembly.institution.enums import CommitteeFunction, Role
from assembly.institution.models import Canton
from assembly.notifications.models import LocalMessage
from assembly.ui.fields import CheckedFile
from opinions.actions import (
    amendment_check,
    amendment_debate,
    amendment_news,
    amendments,
    checks,
    imports,
    tabling,
    visas,
)
from opinions.amending.enums import AmendmentState, Operation
from opinions.demo import referral as question
from opinions.demo.agents import agents
from opinions.demo.clock import paris
from opinions.demo.house import build_on_the_first_day
from opinions.demo.words import INSTALLATION
from opinions.enums import CheckState, OpinionState, RecommendationState, VersionKind, VisaCapacity
from opinions.models import (
    Amendment,
    AnswerFile,
    Opinion,
    OpinionSection,
    OpinionVersion,
    Recommendation,
    ServicesRequest,
)
from opinions.queries.amendments import base_version, full
from sessions.actions import attendance
from sessions.enums import SittingState
from sessions.models import Invitee, Sitting
from sessions.rules.majority import Count
from tests.e2e.coediting import TEXT, choose, saved
from tests.e2e.test_coediting import shot
from tests.e2e.test_referral_story import mail_of, next_morning
from tests.e2e.test_story import Rooms, check_with_the_public_page, signatures
from tests.factories.identity import UserFactory
from tests.factories.institution import CommitteeMembershipFactory, RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.live import PHONE
from tests.verapdf import validator, verdicts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S, A = OpinionState, AmendmentState
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
    """What a group wrote before, on the sheets of the house."""
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
    house = build_on_the_first_day()
    question.give_visa(house, question.prepare(house))
    day = {"starts_at": paris("2025-11-29 09:00"), "ends_at": paris("2025-11-29 17:00")}
    received = SittingFactory(term=house.term, held=True, title="Séance d’installation", **day)
    AgendaItemFactory(sitting=received, title=next(title for title, *_ in INSTALLATION if "bien vieillir" in title))
    question.receive(house, groups=tuple(SLUGS.values()))
    return house


class Cast(dict):
    """`cast["maryse"]`: a user; `cast.desk`, `cast.phone["lucie"]`: their browsers; `cast.house`, `cast.referral`."""

    def __init__(self, rooms, people):
        super().__init__()
        self.rooms, self.people, self.phones = rooms, people, {}
        self.house = ask_the_question()
        self.referral = question.asked(self.house)
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
        """The browser of one member, at the size of a telephone, kept from one act to the next."""
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
        """These lines and no other but those about mails; several of one kind are written « verb*3 »."""
        expected = Counter()
        for verb in verbs:
            name, _star, count = verb.partition("*")
            expected[name] += int(count or 1)
        rows = Entry.objects.filter(pk__gt=self.entry).exclude(verb__startswith="distribution.")
        assert Counter(rows.values_list("verb", flat=True)) == expected
        self.entry = max(rows.values_list("pk", flat=True), default=self.entry)

    def told(self, subject, emails):
        """One mail for each of these addresses, none for others; `subject` is a part of its subject."""

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


@pytest.fixture
def cast(open_context, people, site, settings):
    """The house of the demonstration, its question, six members in two groups, mails that land in the mailbox page."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    return Cast(Rooms(open_context, people, site), people)


class Place:
    """A directorate that reads: its contact writes notes, its approver gives the visa."""

    def __init__(self, cast, code):
        self.row, self.rooms = question.directorate(cast.house, code), cast.rooms
        self.contact, self.approver = agents(cast.house)[code]

    def request(self):
        return ServicesRequest.objects.get(directorate=self.row)


def where(name, *args):
    return reverse(f"opinions:{name}", args=args)


def done(page, words_of_it=""):
    expect(page.locator(".alert-done").first).to_contain_text(words_of_it)


def follow(page, person, subject, path):
    """Open a mail, follow its link: behind the sign-in, the right page."""
    mail_of(page, person, subject).locator(f"a[href$='{path}']").first.click()
    expect(page).to_have_url(re.compile(f"{path}$"))


def state_of(opinion):
    return Opinion.objects.values_list("state", flat=True).get(pk=opinion.pk)


def section_of(opinion, title):
    return OpinionSection.objects.select_related("text").get(opinion=opinion, title=title)


# --- written together -----------------------------------------------------------------------------------------------


def plan(cast, watch):
    """The officer asks for the plan, which comes from the groups, names who reports, hands out the texts."""
    desk = cast.desk
    desk.goto(where("list"))
    desk.get_by_role("link", name="Préparer un avis").first.click()
    desk.locator("[name=referral]").select_option(label=f"{QUESTION} {TITLE}")
    desk.get_by_label("Titre de l’avis").fill(TITLE)
    desk.get_by_role("button", name="Proposer le plan").click()
    done(desk, "Le plan de l’avis est proposé")
    for title in GROUPS:
        expect(desk.get_by_role("heading", name=title, exact=True)).to_be_visible()
    shot(desk, "plan")
    opinion = Opinion.objects.get(referral=cast.referral)
    watch.wrote("opinion.created")
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Modifier", exact=True).click()
    desk.locator("[name=rapporteur]").select_option(label="Joël Fontan")
    desk.get_by_role("button", name="Enregistrer").click()
    done(desk)
    watch.wrote("opinion.changed")
    watch.told_nobody()
    desk.get_by_role("link", name="Confier les textes").first.click()
    expect(desk.locator(".question")).to_contain_text("4 membres reçoivent un message.")
    desk.get_by_role("button", name="Confier les textes").click()
    done(desk, "Les textes sont confiés")
    watch.wrote("opinion.opened", "text.created*2")
    watch.told("Un texte vous est confié", cast.emails("maryse", "joel", "nadia", "hugo"))
    return opinion


def open_text(cast, who, title):
    """From the mail or from the room of members: the opinion, then the text of a group."""
    page = cast.page(who)
    page.goto(where("own-list"))
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator(TEXT)).to_be_visible()
    return page


CURSOR_IS_IN = """(place) => {
  const { editor } = document.querySelector('#coedit-text')
  return editor.isFocused && place.contains(editor.view.domAtPos(editor.state.selection.head).node)
}"""


def tap(page, place):
    """Tap there, and look where the cursor stands before typing, as anybody does."""
    for pause in range(20):
        place.click()
        page.wait_for_timeout(pause * 5)
        if place.evaluate(CURSOR_IS_IN):
            return
    raise AssertionError("the cursor does not come")


def fill_in(page, title="", **answers):
    """Write in the first recommendation of a text: its title key by key, some of its six answers at once."""
    sheet = page.locator(f"{TEXT} section").first
    if title:
        tap(page, sheet.locator("h3"))
        page.keyboard.type(title)
    for prompt, answer in answers.items():
        tap(page, sheet.locator(f"dl[data-prompt={prompt}] dd p"))
        page.keyboard.insert_text(answer)


def write_together(cast, opinion):
    """Two members fill in one recommendation at the same time; a member of the other group fills in theirs."""
    follow(cast.page("maryse"), cast["maryse"].person, "Un texte vous est confié", where("own-opinion", opinion.pk))
    one = open_text(cast, "maryse", MOVE)
    two = open_text(cast, "joel", MOVE)
    expect(one.locator("[data-assembly-people]")).to_contain_text("Joël Fontan")
    expect(one.locator(".coedit-head, main").first).to_contain_text(MOVE)
    fill_in(one, TYPED[MOVE], problem="Le dernier bus part à 19 h.", proposal="Un bus à 21 h, chaque soir.")
    fill_in(two, audience="Les élèves et les salariés du soir.", decider="Le Département, avec la Région.")
    tap(two, two.locator(f"{TEXT} > p").first)
    two.keyboard.insert_text("Sans voiture, une personne sur trois renonce à sortir le soir.")
    fill_in(one, means="Trois départs de plus par ligne.")
    fill_in(two, measure="Le nombre de voyages du soir double.")
    saved(one, two)
    expect(one.locator(TEXT)).to_contain_text("renonce à sortir le soir.")
    expect(two.locator(TEXT)).to_contain_text("Trois départs de plus par ligne.")
    three = open_text(cast, "nadia", CARE)
    fill_in(
        three,
        TYPED[CARE],
        problem="Le médecin est à 40 minutes.",
        proposal="Un bus qui vient avec un infirmier, deux jours par mois.",
        audience="Les personnes âgées.",
        decider="Le Département.",
        means="Un véhicule et deux infirmiers.",
        measure="Douze villages sont visités.",
    )
    tap(three, three.locator(f"{TEXT} > p").first)
    three.keyboard.insert_text("Les soins sont loin.")
    saved(three)
    shot(one, "ecrire")
    shot(three, "ecrire-seule")
    sheet = recommendations.found(tree_of(section_of(opinion, MOVE).text))[0]
    assert sheet.title == TYPED[MOVE]
    assert all(sheet.fields.values())


def bring_in(cast, opinion, title):
    """What a group wrote before in Word: the officer reads what is kept, then takes it up; writers see it come."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Papiers").click()
    desk.get_by_role("link", name=re.compile(f"Reprendre un fichier Word.*{title}")).click()
    file = word_file(title)
    desk.locator("[name=file]").set_input_files(
        {"name": file.name, "mimeType": file.content_type, "buffer": file.content}
    )
    desk.get_by_role("button", name="Voir ce qui sera repris").click()
    expect(desk.locator("main")).to_contain_text(f"{len(BROUGHT[title])}\u00a0préconisations")
    shot(desk, "reprise")
    desk.get_by_role("button", name="Reprendre ce texte").click()
    done(desk, "Le fichier est repris")


def propose(cast, opinion):
    """A member of another group proposes other words; the lead of the group cannot validate before they decide."""
    other = open_text(cast, "nadia", MOVE)
    expect(other.locator("main")).to_contain_text("Vous proposez.")
    choose(other, "une personne sur trois")
    other.keyboard.type("un habitant sur trois")
    saved(other)
    expect(other.locator(f"{TEXT} ins")).to_have_text("un habitant sur trois")
    shot(other, "proposer")
    assert "une personne sur trois" in words.plain(tree_of(section_of(opinion, MOVE).text))
    lead = cast.page("maryse")
    lead.goto(where("own-opinion", opinion.pk))
    lead.get_by_role("link", name="Valider le texte du groupe").click()
    lead.get_by_role("button", name="Valider le texte").click()
    expect(lead.locator("main")).to_contain_text("1 proposition attend une décision")


def decide(cast, watch, opinion):
    """A writer accepts; on the morning of the next day the author is told."""
    lead = open_text(cast, "maryse", MOVE)
    beside = lead.locator("#a-cote")
    expect(beside).to_contain_text("Nadia Ferran")
    beside.get_by_role("button", name="Accepter", exact=True).click()
    expect(beside).to_contain_text("Aucune proposition n’attend.")
    expect(lead.locator(f"{TEXT} ins")).to_have_count(0)
    assert "un habitant sur trois" in words.plain(tree_of(section_of(opinion, MOVE).text))
    suggestion = Suggestion.objects.get()
    assert (suggestion.state, suggestion.author, suggestion.decided_by) == (
        SuggestionState.ACCEPTED,
        cast["nadia"],
        cast["maryse"],
    )
    watch.wrote("suggestion_mark.accepted")


def comment(cast, watch):
    """A member of no group comments a passage on her telephone; a writer answers and closes."""
    page = open_text(cast, "lucie", MOVE)
    choose(page, "chaque soir")
    page.get_by_role("button", name="Commenter").click()
    form = page.locator("[data-assembly-comment]")
    form.get_by_role("textbox").fill("Le dimanche aussi ?")
    form.get_by_role("button", name="Envoyer le commentaire").click()
    expect(page.locator("#a-cote")).to_contain_text("Le dimanche aussi ?")
    shot(page, "commenter")
    lead = cast.page("maryse")
    beside = lead.locator("#a-cote")
    expect(beside).to_contain_text("Le dimanche aussi ?")
    beside.get_by_text("Répondre", exact=False).first.click()
    beside.get_by_label("Votre réponse").fill("Oui, tous les soirs.")
    beside.get_by_role("button", name="Envoyer la réponse").click()
    expect(beside).to_contain_text("Oui, tous les soirs.")
    beside.get_by_role("button", name="C’est réglé").click()
    expect(beside).to_contain_text("1 commentaire réglé")
    assert Comment.objects.count() == 2
    watch.wrote("text_thread.opened", "text_thread.replied", "text_thread.resolved")
    watch.told_nobody()
    digest.send_all(next_morning())
    watch.told("que vous écrivez avec d’autres", cast.emails("nadia", "lucie"))


def validate(cast, watch, opinion):
    """One group by consent, from the first screen of its lead; the other by a show of hands."""
    lead = cast.page("maryse")
    lead.goto(reverse("portal:member-home"))
    lead.get_by_role("link", name="Valider le texte").first.click()
    lead.get_by_role("button", name="Valider le texte").click()
    done(lead)
    watch.wrote("section.validated", "text.version_taken", "text.annotating")
    watch.told("Un groupe a validé son texte", cast.emails(cast.officer))
    assert state_of(opinion) == S.DRAFTING
    other = cast.page("nadia")
    other.goto(where("own-opinion", opinion.pk))
    other.get_by_role("link", name="Valider le texte du groupe").click()
    other.locator("[name=mode][value=vote]").check()
    for name, count in (("votes_for", 2), ("votes_against", 0), ("abstentions", 0)):
        other.locator(f"[name={name}]").fill(str(count))
    shot(other, "valider")
    other.get_by_role("button", name="Valider le texte").click()
    done(other)
    watch.wrote("section.validated", "text.version_taken", "text.annotating", "opinion.validated")
    watch.told("Un groupe a validé son texte", cast.emails(cast.officer))
    assert state_of(opinion) == S.GROUP_VALIDATED
    expect(other.locator("main")).to_contain_text("pour 2, contre 0, abstention 0")


# --- read by the directorates, made one text ------------------------------------------------------------------------


def ask_directorates(cast, watch, opinion, places):
    """The officer asks the directorates that the question names; their contacts are told."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Demander la lecture des directions").click()
    asked = {place.row.name for place in places}
    for name in cast.referral.directorates.values_list("directorate__name", flat=True):
        box = desk.get_by_label(name, exact=True)
        expect(box).to_be_checked()
        if name not in asked:
            box.uncheck()
    shot(desk, "demander-lecture")
    desk.get_by_role("button", name="Demander la lecture").click()
    done(desk)
    watch.wrote("opinion.services_asked", "opinion.numbered", "check.asked*2")
    watch.told("Des préconisations attendent vos notes", cast.emails(*(place.contact for place in places)))


def note_all(cast, watch, opinion, place):
    """The contact notes recommendations, the next one coming by itself; the approver gives the visa."""
    desk, head = cast.rooms.enter(place.contact), cast.rooms.enter(place.approver)
    count = Recommendation.objects.filter(opinion=opinion).count()
    follow(desk, place.contact.person, "Des préconisations attendent vos notes", where("check", place.request().pk))
    shot(desk, "lecture")
    desk.locator("main ol.rows a").first.click()
    for number in range(2):
        if number == 0:
            desk.get_by_label("Vos remarques").fill("Trois lignes sur cinq le permettent.")
            shot(desk, "noter")
        desk.locator("[name=competence]").select_option("yes")
        desk.locator("[name=feasibility]").select_option("conditions" if number == 0 else "as_is")
        desk.get_by_role("button", name="Enregistrer la note").click()
        done(desk)
    note_the_rest(opinion, place)
    desk.goto(where("check", place.request().pk))
    expect(desk.locator(".now")).to_contain_text(f"{count}/{count}")
    desk.get_by_role("link", name="Envoyer au visa").click()
    desk.get_by_role("button", name="Envoyer au visa").click()
    done(desk)
    assert place.request().state == CheckState.SUBMITTED
    head.goto(reverse("portal:directorate-home"))
    head.get_by_role("link", name=re.compile("À viser, notes sur l’avis")).first.click()
    head.get_by_role("link", name="Lire et viser").click()
    head.get_by_role("button", name="Donner mon visa et rendre les notes").click()
    done(head, "rendues")
    assert place.request().state == CheckState.VALIDATED
    watch.wrote(f"check.noted*{count}", "check.submitted", "check.validated")


def note_the_rest(opinion, place):
    request = place.request()
    request.opinion = opinion
    for row in Recommendation.objects.filter(opinion=opinion).exclude(notes__request=request):
        checks.save(request, row, {"competence": "yes", "feasibility": "as_is"}, version=0, by=place.contact)


def wait_no_longer(cast, watch, opinion, place):
    """The other directorate does not answer: the officer closes its reading, and says why."""
    desk = cast.desk
    desk.goto(where("checks", opinion.pk))
    expect(desk.locator("main")).to_contain_text("Trois lignes sur cinq le permettent.")
    shot(desk, "directions")
    desk.get_by_role("link", name=f"Clore {place.row.name}").click()
    desk.get_by_label("Pourquoi ?").fill("Elle n’est pas concernée.")
    desk.get_by_role("button", name="Clore la lecture").click()
    done(desk)
    watch.wrote("check.closed")
    watch.told_nobody()


def unite(cast, watch, opinion):
    """One text, where every author keeps their passages; each recommendation has its reference for ever."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Réunir les textes").click()
    desk.get_by_role("button", name="Réunir les textes").click()
    done(desk)
    opinion.refresh_from_db()
    assert opinion.state == S.CONSOLIDATED
    rows = Recommendation.objects.filter(opinion=opinion).order_by("number")
    year = timezone.localdate().year
    assert opinion.reference == f"{opinion.term.code}-{year}-01"
    assert [row.reference for row in rows] == [f"{opinion.reference}-P{number:02d}" for number in range(1, TEN + 2)]
    assert set(rows.values_list("section__title", flat=True)) == set(GROUPS)
    watch.wrote("opinion.consolidated", "text.created", "text.frozen*2", "opinion.numbered")
    watch.told_nobody()


def arrange(cast, watch, opinion):
    """Themes, three priorities, and two that say the same become one, whose origin is kept."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name=re.compile("Préconisations")).first.click()
    desk.get_by_label(f"Thème de « {KEPT} »").fill("Transports")
    for title in (TYPED[MOVE], KEPT, TYPED[CARE]):
        desk.get_by_label(f"« {title} » est prioritaire").check()
    shot(desk, "preconisations")
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    done(desk)
    desk.get_by_role("link", name=f"Réunir « {TWICE} »").click()
    number = Recommendation.objects.get(opinion=opinion, title=KEPT).number
    desk.locator("[name=target]").select_option(label=f"{number}. {KEPT}")
    desk.get_by_role("button", name="Réunir les deux").click()
    done(desk, "réunies")
    one, gone = (Recommendation.objects.get(opinion=opinion, title=title) for title in (KEPT, TWICE))
    expect(desk.locator("main")).to_contain_text(f"réunie avec\u00a0{gone.reference}".replace("\u00a0", " "))
    shot(desk, "preconisations-reunies")
    assert (gone.state, gone.merged_into, gone.section.title) == (RecommendationState.MERGED, one, CARE)
    active = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).order_by("number")
    assert [row.number for row in active] == list(range(1, TEN + 1))
    assert gone.reference not in set(active.values_list("reference", flat=True))
    opinion.text.refresh_from_db()
    titles = [found.title for found in recommendations.found(tree_of(opinion.text))]
    assert titles == list(active.values_list("title", flat=True))
    assert active.filter(is_priority=True).count() == 3
    watch.wrote("opinion.worked", "opinion.merged", "opinion.numbered", "text.version_taken")
    watch.told_nobody()


# --- tabled, amended, voted ------------------------------------------------------------------------------------------


def table(cast, watch, opinion):
    """Put on the agenda of the plenary with its vote; everybody is told; the plenary is convened."""
    desk = cast.desk
    sitting = SittingFactory(
        term=cast.people.term,
        title="Plénière de printemps",
        chair=cast["jeanne"].person,
        officer=cast.officer,
        is_quorum_required=False,
    )
    watch.look()
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Déposer l’avis").first.click()
    expect(desk.get_by_label(re.compile("Plénière de printemps"))).to_be_checked()
    shot(desk, "deposer")
    desk.get_by_role("button", name="Déposer l’avis").click()
    done(desk, "L’avis est déposé")
    opinion.refresh_from_db()
    assert (opinion.state, opinion.tabled_sitting) == (S.AMENDING, sitting)
    watch.wrote(
        "opinion.numbered", "opinion.tabled", "opinion.amendments_opened", "text.frozen",
        "agenda.item_added", "ballot.prepared",
    )  # fmt: skip
    watch.told("L’avis est déposé", cast.emails(*NAMES, *cast.offices))
    desk.goto(reverse("sittings:notify", args=[sitting.pk]))
    expect(desk.locator("main")).to_contain_text(f"Avis : {TITLE}".replace(" :", "\u00a0:"))
    desk.get_by_role("button", name=f"Convoquer {len(NAMES)} personnes").click()
    done(desk)
    watch.told("Convocation", cast.emails(*NAMES))
    watch.look()
    assert OpinionVersion.objects.get(opinion=opinion).kind == VersionKind.TABLED
    return sitting


def passage(phone, opinion, line):
    """The tabled text on a telephone: the alinéa that holds these words, its link."""
    phone.goto(where("own-opinion", opinion.pk))
    phone.get_by_role("link", name="Amender, voir les amendements").click()
    phone.get_by_role("link", name="Proposer un amendement").click()
    phone.locator("li.alinea", has_text=line).get_by_role("link").click()


def amend(cast, who, opinion, line, how, **words_of_it):
    """A member proposes on a telephone, reads again, submits."""
    phone = cast.page(who)
    passage(phone, opinion, line)
    phone.get_by_label(how, exact=True).check()
    for label, value in words_of_it.items():
        phone.get_by_label(FIELDS[label]).fill(value)
    phone.get_by_role("button", name="Relire mon amendement").click()
    phone.get_by_role("button", name="Déposer mon amendement").click()
    done(phone, "Votre amendement est déposé")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return Amendment.objects.latest("submitted_at")


def whole(amendment):
    return full(Amendment.objects.all()).get(pk=amendment.pk)


def amend_too(user, opinion, line, operation, **words_of_it):
    """The same acts as on the telephone."""
    place = next(row.number for row in words.alineas(base_version(opinion).tree) if line in row.text)
    values = {"alinea_from": place, "alinea_to": place, "operation": operation}
    draft = amendments.save(opinion, by=user, **values, **words_of_it)
    amendments.submit(whole(draft), by=user)
    draft.refresh_from_db()
    return draft


FIELDS = {"quote": "Les mots à changer", "new": "Le nouveau texte", "why": "Pourquoi ?"}
LINE, OTHER_LINE, MEASURE = "un habitant sur trois", "Les soins sont loin.", "Douze villages sont visités."
NEW = "une habitante ou un habitant sur trois"


def record_for(cast, watch, opinion):
    """What Jeanne wrote on paper is keyed in; she confirms from her first screen."""
    desk = cast.desk
    alinea = next(row.number for row in words.alineas(base_version(opinion).tree) if row.text == OTHER_LINE)
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Amendements", exact=True).click()
    desk.get_by_role("link", name="Saisir un amendement reçu").click()
    desk.locator("[name=author]").select_option(label="Jeanne Vidal")
    desk.locator("[name=via][value=paper]").check()
    desk.locator("[name=alinea_from]").fill(str(alinea))
    desk.get_by_label("Ajouter après", exact=True).check()
    desk.locator("[name=typed]").fill("Le médecin est parti.")
    desk.locator("[name=reason]").fill("Tout le monde le dit.")
    shot(desk, "saisir")
    desk.get_by_role("button", name="Enregistrer l’amendement").click()
    done(desk)
    watch.wrote("amendment.recorded")
    phone = cast.page("jeanne")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=re.compile("Confirmer l’amendement")).first.click()
    expect(phone.locator("main")).to_contain_text("Le médecin est parti.")
    phone.get_by_role("button", name="Oui, c’est bien cela").click()
    done(phone)
    watch.wrote("amendment.confirmed")
    return Amendment.objects.get(via="paper")


def check_form(cast, watch, opinion, submitted):
    """The officer opens the next one to check; nothing is said of the substance."""
    desk = cast.desk
    desk.goto(where("amendments", opinion.pk))
    desk.get_by_role("link", name=re.compile("^Ouvrir l’amendement")).click()
    desk.get_by_role("link", name="Déclarer recevable").click()
    desk.get_by_role("button", name="Déclarer recevable").click()
    done(desk)
    for one in full(Amendment.objects.filter(state=A.SUBMITTED)):
        amendment_check.admit(one, by=cast.officer)
    watch.wrote(f"amendment.admitted*{len(submitted)}")
    shot(desk, "amendement")


def withdraw(cast, watch, opinion, amendment):
    phone = cast.page("nadia")
    phone.goto(where("own-amendments", opinion.pk))
    phone.get_by_role("link", name=f"Amendement n°\u00a0{amendment.number}").first.click()
    phone.get_by_role("link", name="Retirer mon amendement").click()
    phone.get_by_role("button", name="Retirer mon amendement").click()
    done(phone)
    watch.wrote("amendment.withdrawn")


def give_views(cast, watch, opinion, admitted):
    """The rapporteur says what he recommends; authors are told the next morning."""
    phone = cast.page("joel")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=f"Donner votre avis sur {len(admitted)} amendements").first.click()
    shot(phone, "rapporteur")
    first, *others = admitted
    phone.get_by_role("link", name=re.compile(f"Donner mon avis.*n°\\s{first.number}$")).click()
    phone.get_by_label("favorable", exact=True).check()
    phone.get_by_label("En quelques mots").fill("Le groupe en a parlé.")
    phone.get_by_role("button", name="Donner cet avis").click()
    done(phone)
    for one in full(Amendment.objects.filter(pk__in=[other.pk for other in others])):
        amendment_check.give_view(one, stance="unfavourable", text="Le groupe en a parlé.", by=cast["joel"])
    watch.wrote(f"amendment.viewed*{len(admitted)}")
    watch.told_nobody()
    amendment_news.send_all(next_morning())
    watch.told("avance", cast.emails("lucie", "hugo", "jeanne"))


def close_window(cast, watch, opinion):
    """The last evening goes by: the clock freezes the opinion; whoever comes too late reads so."""
    now = timezone.now()
    Opinion.objects.filter(pk=opinion.pk).update(
        amendments_open_at=now - timedelta(days=9), amendments_close_at=now - timedelta(hours=2)
    )
    tabling.move_windows(now)
    assert state_of(opinion) == S.FROZEN
    watch.wrote("opinion.frozen")
    late = cast.page("hugo")
    late.goto(where("amendment-new", opinion.pk))
    expect(late.locator("main")).to_contain_text("fermé")
    assert late.get_by_label("Le nouveau texte").count() == 0


def open_sitting(cast, watch, sitting):
    """The day comes; the officer opens the sitting and taps members who are there: all six came."""
    began = timezone.now() - timedelta(hours=1)
    Sitting.objects.filter(pk=sitting.pk).update(
        starts_at=began, ends_at=began + timedelta(hours=6), break_starts_at=None, break_ends_at=None
    )
    desk = cast.desk
    desk.goto(reverse("sittings:roll", args=[sitting.pk]))
    desk.get_by_role("button", name="Ouvrir la séance").click()
    for number, (first, last) in enumerate(list(NAMES.values())[:2], start=1):
        desk.get_by_role("button", name=f"Présent·e {first} {last}").click()
        expect(desk.locator("#chiffres")).to_contain_text(f"{number} membre")
    for invitee in Invitee.objects.filter(sitting=sitting, person__in=[user.person for user in cast.values()]):
        attendance.arrive(invitee, by=cast.officer)
    assert Sitting.objects.get(pk=sitting.pk).state == SittingState.OPEN
    watch.look()


COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}


def count(page, votes_for, votes_against):
    """Two persons count the hands."""
    votes = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": 0, "no_opinion": 0}
    for name, value in (votes | COUNTERS).items():
        page.locator(f"[name={name}]").fill(str(value))


def call_and_vote(cast, opinion, amendment, votes_for, votes_against):
    """The next one in the order of call: called, discussed, voted."""
    desk = cast.desk
    desk.goto(where("amendments", opinion.pk))
    desk.get_by_role("link", name=f"Ouvrir l’amendement n°\u00a0{amendment.number}").click()
    desk.get_by_role("link", name="Appeler", exact=True).click()
    desk.get_by_role("button", name="Appeler").click()
    done(desk)
    desk.get_by_role("link", name="Noter le vote").click()
    count(desk, votes_for, votes_against)
    desk.get_by_role("button", name="Noter le vote").click()
    done(desk)


def debate(cast, watch, opinion, adopted, fallen, rejected):
    """What changes most comes first; once it is adopted, what says something else of the same words falls."""
    desk = cast.desk
    desk.goto(where("amendments", opinion.pk))
    expect(desk.locator("main")).to_contain_text("3 amendements restent à appeler")
    shot(desk, "ordre-d-appel")
    call_and_vote(cast, opinion, adopted, 5, 1)
    watch.wrote(
        "amendment.called", "amendment.adopted", "amendment.fell",
        "ballot.prepared", "ballot.counted", "ballot.proclaimed",
    )  # fmt: skip
    amendment_debate.call(whole(rejected), by=cast.officer)
    amendment_debate.vote(whole(rejected), Count(1, 5), by=cast.officer, **COUNTERS)
    watch.wrote("amendment.called", "amendment.rejected", "ballot.prepared", "ballot.counted", "ballot.proclaimed")
    states = {one.pk: Amendment.objects.get(pk=one.pk) for one in (adopted, fallen, rejected)}
    assert [one.state for one in states.values()] == [A.ADOPTED, A.FELL, A.REJECTED]
    assert states[fallen.pk].fell_because == adopted
    phone = cast.page("lucie")
    phone.goto(where("own-amended-text", opinion.pk))
    expect(phone.locator("main ins").first).to_contain_text("habitante")
    shot(phone, "texte-amende")
    watch.told_nobody()


def vote(cast, watch, opinion):
    """The vote on the whole, by hand count; the proclaimed result adopts the opinion, by itself."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Vote et suites").click()
    desk.get_by_role("link", name=re.compile("Compter les voix")).click()
    count(desk, 5, 1)
    desk.get_by_role("button", name="Noter le compte").click()
    done(desk)
    watch.wrote("ballot.counted")
    assert state_of(opinion) == S.FROZEN
    shot(desk, "vote")
    desk.get_by_role("button", name="Proclamer le résultat").click()
    done(desk, "Le résultat est proclamé.")
    expect(desk).to_have_url(re.compile(where("vote", opinion.pk)))
    opinion.refresh_from_db()
    assert (opinion.state, opinion.adopted_on) == (S.ADOPTED, timezone.localdate())
    watch.wrote(
        "ballot.proclaimed", "opinion.voted", "opinion.adopted", "opinion.numbered", "referral.opinion_adopted"
    )
    watch.told("L’avis est adopté", cast.emails(*NAMES, *cast.offices))
    assert opinion.referral.state == "opinion_adopted"


def compare_texts(opinion):
    """The adopted text is the tabled one with the one adopted change, word for word and node for node."""
    tabled, amended, adopted = (opinion.versions.get(kind=kind) for kind in VersionKind)
    assert adopted.tree == amended.tree
    assert (adopted.words, adopted.sha256) == (amended.words, amended.sha256)
    assert adopted.words == tabled.words.replace(LINE, NEW)
    assert tabled.words.count(LINE) == 1
    assert json.loads(json.dumps(tabled.tree).replace(LINE, NEW)) == adopted.tree
    assert len(recommendations.found(adopted.tree)) == TEN


# --- signed, sealed, handed over, published --------------------------------------------------------------------------


def disagree(cast, watch, opinion):
    """Hugo says on his telephone why he voted against; Lucie signs with him."""
    phone = cast.page("hugo")
    phone.goto(where("own-opinion", opinion.pk))
    phone.get_by_role("link", name="Positions minoritaires").first.click()
    phone.get_by_role("link", name="Écrire une position minoritaire").click()
    phone.get_by_label("Titre").fill("Le bus ne suffit pas")
    phone.get_by_label("Votre position").fill(
        "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir toute la semaine, dimanche compris."
    )
    phone.get_by_role("button", name="Relire ma position").click()
    shot(phone, "position")
    phone.get_by_role("button", name="Déposer ma position").click()
    done(phone)
    other = cast.page("lucie")
    other.goto(where("own-positions", opinion.pk))
    other.get_by_role("link", name="Le bus ne suffit pas").click()
    other.get_by_role("button", name="Signer cette position").click()
    done(other)
    watch.wrote("position.submitted", "position.signed")
    watch.told_nobody()


def give_visas(cast, watch, opinion):
    """No seal before the visas; the chair and the rapporteur give theirs, each for themselves."""
    desk = cast.desk
    desk.goto(where("papers", opinion.pk))
    assert desk.get_by_role("button", name="Sceller l’avis").count() == 0
    phone = cast.page("jeanne")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=re.compile("Donner votre visa sur l’avis adopté")).first.click()
    shot(phone, "visa")
    phone.get_by_role("button", name="Donner mon visa").click()
    done(phone, "Votre visa est donné")
    desk.goto(where("papers", opinion.pk))
    assert desk.get_by_role("button", name="Sceller l’avis").count() == 0
    visas.give_visa(opinion, VisaCapacity.RAPPORTEUR, by=cast["joel"])
    watch.wrote("opinion.visa_given*2")


def seal(cast, watch, opinion, folder):
    """The officer asks for the seal; the file conforms to both standards and the public page knows it."""
    desk = cast.desk
    desk.goto(where("step", opinion.pk, "facile-a-lire"))
    desk.locator("[name=easy_read]").fill("Il faut plus de bus le soir.\n\nIl faut des soins près de chez soi.")
    desk.get_by_role("button", name="Écrire le résumé facile à lire").click()
    done(desk)
    watch.wrote("opinion.easy_read_written")
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Papiers").click()
    shot(desk, "papiers")
    desk.get_by_role("button", name="Sceller l’avis").click()
    ready = desk.get_by_role("link", name="Ouvrir le document (PDF)")
    expect(ready).to_be_visible(timeout=90_000)
    path = folder / "avis.pdf"
    path.write_bytes(desk.request.get(ready.get_attribute("href")).body())
    assert verdicts(path) == {"3a": [], "ua1": []}
    assert signatures(path) == [("cachet", True)]
    data = carried(path)
    assert [row["reference"] for row in data["recommendations"]] == references(opinion)
    check_with_the_public_page(cast.public, path, "authentique")
    shot(cast.public, "verifier")
    watch.look()


def carried(path):
    """The recommendations as the file itself carries them."""
    with pikepdf.open(path) as pdf:
        (name,) = [name for name in pdf.attachments if name.endswith(".json")]
        return json.loads(pdf.attachments[name].get_file().read_bytes())


def references(opinion):
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).order_by("number")
    found = list(rows.values_list("reference", flat=True))
    assert len(found) == TEN
    return found


def hand_over(cast, watch, opinion):
    """Noted with its day, its place, to whom: ten answers are awaited from that day on."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Noter la remise").first.click()
    desk.locator("[name=on]").fill(timezone.localdate().isoformat())
    desk.locator("[name=place]").fill("Hôtel du Département")
    desk.locator("[name=to]").fill("président du Conseil départemental")
    shot(desk, "remise")
    desk.get_by_role("button", name="Noter la remise").click()
    done(desk)
    files = AnswerFile.objects.filter(recommendation__opinion=opinion)
    due = timezone.localdate() + timedelta(days=opinion.term.answer_days)
    assert sorted(files.values_list("recommendation__reference", "due_on")) == [(r, due) for r in references(opinion)]
    watch.wrote("opinion.handed_over", "referral.handed_over")
    watch.told("L’avis est remis", cast.emails(*NAMES, *cast.offices))
    cast.page("hugo").goto(where("own-positions", opinion.pk))
    expect(cast.page("hugo").get_by_role("link", name="Écrire une position minoritaire")).to_have_count(0)


def publish(cast, watch, opinion):
    """Anybody reads the text, the votes, the minority, and takes the data home; no member is named whole."""
    public = cast.public
    assert public.request.get(where("public", opinion.reference)).status == 404
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Publier l’avis").first.click()
    desk.get_by_role("button", name="Publier l’avis").click()
    done(desk)
    assert state_of(opinion) == S.PUBLISHED
    public.goto(where("public-list"))
    public.get_by_role("link", name=TITLE).first.click()
    main = public.locator("main")
    for told in (NEW, "Le bus ne suffit pas", "Il faut plus de bus le soir.", *references(opinion)):
        expect(main).to_contain_text(told)
    for private in ("Bonnet", "Sarda", "Ferran"):
        expect(main).not_to_contain_text(private)
    shot(public, "public")
    data = public.request.get(where("public-json", opinion.reference)).json()
    assert [row["reference"] for row in data["recommendations"]] == references(opinion)
    table = public.request.get(where("public-csv", opinion.reference)).text()
    assert all(reference in table for reference in references(opinion))
    assert public.request.get(f"/publications/{opinion.reference}.pdf").ok
    watch.told_nobody()


def test_from_the_plan_to_the_published_opinion(cast, worker, tmp_path):
    validator()  # it starts meanwhile
    watch = Watch()
    places = [Place(cast, name) for name in PLACES]
    watch.look()
    opinion = plan(cast, watch)
    write_together(cast, opinion)
    bring_in(cast, opinion, MOVE)
    imports.write(imports.show(section_of(opinion, CARE).text, word_file(CARE), by=cast.officer), by=cast.officer)
    expect(cast.page("maryse").locator(TEXT)).to_contain_text("Des taxis partagés")
    watch.wrote("text.import_shown*2", "text.import_written*2")
    watch.told_nobody()
    propose(cast, opinion)
    decide(cast, watch, opinion)
    comment(cast, watch)
    validate(cast, watch, opinion)
    ask_directorates(cast, watch, opinion, places)
    note_all(cast, watch, opinion, places[0])
    wait_no_longer(cast, watch, opinion, places[1])
    unite(cast, watch, opinion)
    arrange(cast, watch, opinion)
    sitting = table(cast, watch, opinion)
    adopted = amend(cast, "lucie", opinion, LINE, "Remplacer", quote=LINE, new=NEW, why="Les deux, c’est plus juste.")
    change = {"quote": "sur trois", "typed": "sur quatre", "reason": "Le chiffre a changé."}
    fallen = amend_too(cast["hugo"], opinion, LINE, Operation.REPLACE, **change)
    withdrawn = amend_too(cast["nadia"], opinion, MEASURE, Operation.DELETE, reason="Trop précis.")
    watch.wrote("amendment.submitted*3")
    rejected = record_for(cast, watch, opinion)
    check_form(cast, watch, opinion, [adopted, fallen, withdrawn, rejected])
    withdraw(cast, watch, opinion, withdrawn)
    give_views(cast, watch, opinion, [adopted, fallen, rejected])
    close_window(cast, watch, opinion)
    open_sitting(cast, watch, sitting)
    debate(cast, watch, opinion, adopted, fallen, rejected)
    vote(cast, watch, opinion)
    compare_texts(opinion)
    disagree(cast, watch, opinion)
    give_visas(cast, watch, opinion)
    seal(cast, watch, opinion, tmp_path)
    hand_over(cast, watch, opinion)
    publish(cast, watch, opinion)
