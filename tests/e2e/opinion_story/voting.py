"""Fourth chapter: the amendments debated in plenary, the vote on the whole, the adopted text."""

import json
import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.collab.document import recommendations
from opinions.amendments import actions as amendments
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentState, OpinionState, VersionKind
from sessions.attendance import actions as attendance
from sessions.decisions.rules import Count
from sessions.models import Invitee, Sitting, SittingState
from tests.e2e.opinion_story.amending import LINE, NEW, whole
from tests.e2e.opinion_story.cast import NAMES, TEN, done, state_of, where
from tests.e2e.test_coediting import shot

S, A = OpinionState, AmendmentState


def open_sitting(cast, watch, sitting):
    """The day comes; the officer opens the sitting and taps members who are there: all six came."""
    began = timezone.now() - timedelta(hours=1)
    Sitting.objects.filter(pk=sitting.pk).update(
        starts_at=began, ends_at=began + timedelta(hours=6), break_starts_at=None, break_ends_at=None
    )
    desk = cast.desk
    desk.goto(reverse("sittings:roll", args=[sitting.pk]))
    desk.get_by_role("link", name="Ouvrir la séance").click()
    desk.get_by_role("button", name="Ouvrir la séance").click()
    for number, (first, last) in enumerate(list(NAMES.values())[:2], start=1):
        desk.get_by_role("button", name=f"Présent·e {first} {last}").click()
        expect(desk.locator("#chiffres")).to_contain_text(f"{number} membre")
    for invitee in Invitee.objects.filter(sitting=sitting, person__in=[user.person for user in cast.values()]):
        attendance.record_arrival(invitee, by=cast.officer)
    assert Sitting.objects.get(pk=sitting.pk).state == SittingState.OPEN
    watch.look()


COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}


def count(page, votes_for, votes_against):
    """Enter the hand count of two persons."""
    votes = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": 0, "no_opinion": 0}
    for name, value in (votes | COUNTERS).items():
        page.locator(f"[name={name}]").fill(str(value))


def call_and_vote(cast, opinion, amendment, votes_for, votes_against):
    """Call the next amendment of the order, discuss it and vote."""
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
    AMENDMENT.transition(whole(rejected), "call", by=cast.officer)
    amendments.vote(whole(rejected), Count(1, 5), by=cast.officer, **COUNTERS)
    watch.wrote("amendment.called", "amendment.rejected", "ballot.prepared", "ballot.counted", "ballot.proclaimed")
    states = {one.pk: Amendment.objects.get(pk=one.pk) for one in (adopted, fallen, rejected)}
    assert [one.state for one in states.values()] == [A.ADOPTED, A.FELL, A.REJECTED]
    assert states[fallen.pk].fell_because == adopted
    phone = cast.page("lucie")
    phone.goto(where("my-amended-text", opinion.pk))
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
    desk.get_by_role("link", name="Proclamer le résultat").click()
    desk.get_by_role("button", name="Proclamer le résultat").click()
    done(desk, "Le résultat est proclamé.")
    expect(desk).to_have_url(re.compile(where("vote", opinion.pk)))
    opinion.refresh_from_db()
    assert (opinion.state, opinion.adopted_on) == (S.ADOPTED, timezone.localdate())
    watch.wrote(
        "ballot.proclaimed", "opinion.voted", "opinion.adopted", "opinion.numbered", "referral.opinion_adopted"
    )
    watch.told("l’avis est adopté", cast.emails(*NAMES, *cast.offices))
    assert opinion.referral.state == "opinion_adopted"


def compare_texts(opinion):
    """The adopted text is the tabled one with the one adopted change, word for word and node for node."""
    tabled, amended, adopted = (opinion.versions.get(kind=kind) for kind in VersionKind)
    assert adopted.tree == amended.tree
    assert (adopted.plain_text, adopted.sha256) == (amended.plain_text, amended.sha256)
    assert adopted.plain_text == tabled.plain_text.replace(LINE, NEW)
    assert tabled.plain_text.count(LINE) == 1
    assert json.loads(json.dumps(tabled.tree).replace(LINE, NEW)) == adopted.tree
    assert len(recommendations.read_all(adopted.tree)) == TEN
