"""The story of four amendments and one minority position, on the screens: adopted, rejected, fallen, withdrawn.

The opinion comes from the factories, tabled; the sitting opens in the database. Each step is done on a screen by the
person to whom it belongs; where the same step comes again, it is done by the same act without a browser. At the end
the adopted text is what a clerk would have written by hand.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opinions.adoption.queries import of as annexed
from opinions.amending.changes import Operation
from opinions.amendments import actions as amendments
from opinions.amendments.queries import base_version, full
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentState, Opinion, OpinionState, VersionKind
from opinions.versions.queries import last_version
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import Sitting, SittingState
from tests.factories.amendments import said
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory
from tests.live import PHONE
from tests.opinions.amendments.debated_opinion import amending

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
A = AmendmentState
ROOM = 9


class Story:
    """Two members on their phones and an officer at a desk."""

    def __init__(self, people, open_context, sign_in, site):
        self.people, self.site = people, site
        self.opinion = amending(people)
        self.pages = {}
        self.users = {"nadia": people["member"], "hugo": people.make("member", people.term)}
        for name, who in self.users.items():
            MandateFactory(member__person=who.person, term=people.term)
            self.pages[name] = self.open(open_context, sign_in, who, viewport=PHONE)
        self.desk = self.open(open_context, sign_in, people["officer"])

    def open(self, open_context, sign_in, who, **options):
        context = open_context(**options)
        sign_in(context, who)
        return context.new_page()

    def go(self, page, name, *args):
        page.goto(self.site + reverse(f"opinions:{name}", args=args))

    def propose(self, name, alinea, how, quote="", typed="", reason="C’est plus clair."):
        page = self.pages[name]
        self.go(page, "my-amend-text", self.opinion.pk)
        page.get_by_role("button", name=re.compile(rf"Amender l’alinéa\s{alinea}$")).click()
        page.get_by_role("link", name="Plutôt le formulaire").click()
        page.get_by_label(how, exact=True).check()
        if quote:
            page.get_by_label("Les mots à changer").fill(quote)
        if typed:
            page.get_by_label("Le nouveau texte").fill(typed)
        page.get_by_label("Pourquoi ?").fill(reason)
        page.get_by_role("button", name="Relire mon amendement").click()
        page.get_by_role("button", name="Déposer mon amendement").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Amendement n°")
        return Amendment.objects.latest("submitted_at")

    def propose_too(self, who, alinea, operation, **words):
        """Take the same steps as on the phone, without a browser."""
        place = {"alinea_from": alinea, "alinea_to": alinea, "operation": operation}
        draft = amendments.save(self.opinion, by=who, **place, reason="C’est plus clair.", **words)
        amendments.submit(whole(draft), by=who)
        return whole(draft)

    def step(self, amendment, label, **fields):
        """Take a step of the desk: its link, its form, its button."""
        self.go(self.desk, "amendment", amendment.pk)
        self.desk.get_by_role("link", name=label).click()
        for field, value in fields.items():
            self.desk.locator(f"[name={field}]").fill(str(value))
        self.desk.get_by_role("button", name=label).click()
        expect(self.desk.locator("#messages")).to_contain_text("C’est fait")

    def vote(self, amendment, yes):
        self.step(amendment, "Appeler")
        hour = timezone.localtime().strftime("%H:%M")
        numbers = {"votes_for": yes, "votes_against": ROOM - yes, "abstentions": 0, "no_opinion": 0}
        names = {"first_counter": "Odile Labatut", "second_counter": "Wassim Pujol"}
        self.step(amendment, "Noter le vote", voted_at=hour, **numbers, **names)

    def open_sitting(self):
        """The plenary begins with nine members in the room; the text is frozen."""
        now = timezone.now()
        sitting = self.opinion.tabled_sitting
        Sitting.objects.filter(pk=sitting.pk).update(
            state=SittingState.OPEN,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=5),
            break_starts_at=None,
            break_ends_at=None,
            opened_at=now - timedelta(hours=1),
        )
        sitting.refresh_from_db()
        for mandate in [MandateFactory(term=self.people.term) for _ in range(ROOM)]:
            invitee = InviteeFactory(sitting=sitting, person=mandate.member.person)
            AttendanceFactory(invitee=invitee, arrived_at=now - timedelta(minutes=30))
        Opinion.objects.filter(pk=self.opinion.pk).update(
            state=OpinionState.FROZEN,
            frozen_at=now,
            amendments_open_at=now - timedelta(days=3),
            amendments_close_at=now - timedelta(hours=2),
        )


def whole(amendment):
    return full(Amendment.objects.all()).get(pk=amendment.pk)


def test_four_amendments_and_a_minority_position(people, open_context, sign_in, site):
    story = Story(people, open_context, sign_in, site)
    tabled = base_version(story.opinion).tree
    adopted = story.propose("nadia", 2, "Remplacer", quote="vivent seuls", typed="sont isolés")
    rejected = story.propose("hugo", 16, "Ajouter après", typed="Rien de plus.")
    hugo, replace = story.users["hugo"], Operation.REPLACE
    fallen = story.propose_too(hugo, 2, replace, quote="Des habitants vivent", typed="Trop de gens vivent")
    withdrawn = story.propose_too(hugo, 1, replace, typed="Ce que nous avons vu")
    story.step(adopted, "Déclarer recevable")
    for one in (fallen, rejected, withdrawn):
        AMENDMENT.transition(whole(one), "admit", by=people["officer"])
    page = story.pages["hugo"]
    story.go(page, "my-amendment", withdrawn.pk)
    page.get_by_role("link", name="Retirer mon amendement").click()
    page.get_by_role("button", name="Retirer mon amendement").click()
    story.open_sitting()
    story.go(story.desk, "amendments", story.opinion.pk)
    expect(story.desk.locator("main")).to_contain_text("3 amendements restent à appeler")
    story.vote(adopted, 7)
    AMENDMENT.transition(whole(rejected), "call", by=people["officer"])
    counters = {"first_counter": "Odile Labatut", "second_counter": "Wassim Pujol"}
    amendments.vote(whole(rejected), Count(2, ROOM - 2), by=people["officer"], **counters)
    states = {one.pk: Amendment.objects.get(pk=one.pk).state for one in (adopted, fallen, rejected, withdrawn)}
    assert list(states.values()) == [A.ADOPTED, A.FELL, A.REJECTED, A.WITHDRAWN]
    story.go(page, "my-amended-text", story.opinion.pk)
    expect(page.locator("main")).to_contain_text("sont isolés")
    opinion = Opinion.objects.select_related("ballot__agenda_item__sitting__term").get(pk=story.opinion.pk)
    decisions.count_ballot(
        opinion.ballot, Count(8, 1), by=people["officer"], first_counter="Odile", second_counter="Wassim"
    )
    BALLOT.transition(opinion.ballot, "proclaim", by=people["officer"])
    last = last_version(story.opinion)
    by_hand = [tabled["content"][0], said("Des habitants sont isolés."), *tabled["content"][2:]]
    assert (last.kind, last.tree["content"]) == (VersionKind.ADOPTED, by_hand)
    write_apart(story)


def write_apart(story):
    """Hugo says why he does not agree; Nadia signs."""
    page = story.pages["hugo"]
    story.go(page, "my-positions", story.opinion.pk)
    page.get_by_role("link", name="Écrire une position minoritaire").click()
    page.get_by_label("Titre").fill("Le bus ne suffit pas")
    page.get_by_label("Votre position").fill(
        "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir."
    )
    page.get_by_role("button", name="Relire ma position").click()
    expect(page.locator("main")).to_contain_text("Ce n’est pas encore possible")
    page.get_by_role("link", name="Corriger").click()
    page.get_by_label("Votre position").fill(
        "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir pour les personnes qui travaillent."
    )
    page.get_by_role("button", name="Relire ma position").click()
    page.get_by_role("button", name="Déposer ma position").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le bus ne suffit pas")
    other = story.pages["nadia"]
    other.goto(page.url)
    other.get_by_role("button", name="Signer cette position").click()
    expect(other.locator("#messages")).to_contain_text("Vous avez signé")
    assert [len(one.signers) for one in annexed(story.opinion)] == [2]
