"""No dead end: in each state of each dossier, every reader has a button, or reads who can act.

The rows are those of the matrix of steps (`steps`), the ends are written by hand.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.dossiers.frame import kinds
from assembly.notifications.models import Delivery, Distribution
from mission.registers.declaration import registers
from tests.answers.stage import answered_by
from tests.browsing import StrictClient
from tests.people import People
from tests.security.everybody import open_session
from tests.security.steps import answer_desk, answer_directorate, desk, draws, follow_up, mission, opinions, referrals
from tests.undo import undone

APPS = (desk, draws, referrals, opinions, answer_desk, answer_directorate, follow_up, mission)
TABLES = {name: table for app in APPS for name, table in app.TABLES.items()}
ENDS = {
    "answers.answercase": "published cancelled",
    "answers.followup": "done abandoned",
    "consultations.referral": "closed withdrawn merged rejected inadmissible",
    "draws.draw": "revealed void",
    "opinions.opinion": "published withdrawn",
    "sittings.minutes": "published archived",
    "sittings.sitting": "minuted archived postponed cancelled reconvened not_held",
}
SENTENCE = "Peut agir maintenant"
OFFERS = (
    'class="btn btn-primary',
    "Autres actions",
    "data-assembly-autosave",
    "La saisine ne peut pas encore partir",
)


@pytest.fixture
def people(crowd: People, db: None) -> People:
    return People(crowd)


def words_of(page):
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def read(user, url):
    cache.clear()
    browser = StrictClient()
    browser.cookies[settings.SESSION_COOKIE_NAME] = user.open_session
    return browser.get(url)


def states_of(label):
    return {value for value, _words in kinds[label].model._meta.get_field("state").choices}


def test_each_kind_of_dossier_says_what_leads_on_from_each_state_but_its_ends():
    ends = {label: states_of(label) - kinds[label].workflow.next_steps.keys() for label in ENDS}
    assert ends == {label: set(words.split()) for label, words in ENDS.items()}


def test_every_register_is_such_a_kind():
    assert {register.model._meta.label_lower for register in registers.values()} <= kinds.keys()


def fault(kind, row, user):
    """Return what is wrong with a page: no button, step or sentence, or a sentence for somebody who may act."""
    page = read(user, kind.page(row, user))
    if page.status_code in {403, 404}:  # a room of its own, whose page is another kind's
        return ""
    text, seen = words_of(page), kind.rows(user).get(pk=row.pk)
    awaited = kind.workflow.awaited(seen)
    may_act = any(who(user, seen) for who in awaited)
    if SENTENCE in text:
        return "" if awaited and not may_act else "may act, and reads who can"
    if any(mark in text for mark in OFFERS) or not awaited:
        return ""
    return "may act, and is offered nothing" if may_act else "has no button, and reads nobody"


def dead_ends(table, people):
    for state in table.states.split():
        with undone(state):
            row = table.row(people, state)
            if (kind := kinds.get(row._meta.label_lower)) is None:
                return
            blind = {role for role, states in table.unseen.items() if {state, "any"} & set(states.split())}
            holders = table.holders(people, row)
            for role in set(table.enters.split()) - blind:
                user = holders[role] if role in holders else people[role]
                if not hasattr(user, "open_session"):
                    open_session(people.ready(user))
                if words := fault(kind, row, user):
                    yield f"{state}: {role} {words}"


# Minutes in the room of members are a text to read, not a dossier: their visas are asked there.
TO_READ = {"minutes-visa-chair", "minutes-visa-secretary"}


@pytest.mark.parametrize("name", sorted(TABLES.keys() - TO_READ))
def test_every_reader_has_a_button_or_reads_who_can(name, people):
    assert list(dead_ends(TABLES[name], people)) == []


def reminder(case):
    return reverse("notifications:reminder", args=["answers.answercase", case.pk])


def test_who_waits_reminds_who_can_once_a_day(people, signed_in, time_machine):
    """« il reste à la publier »: an officer has no button, reads the lead's name and writes to the lead."""
    case = answered_by(people, "decided", recommendation__opinion__state="published")
    officer, lead = people["officer"], people["lead"]
    page = words_of(signed_in("officer").get(reverse("answers:desk-case", args=[case.pk])))
    assert f"Peut agir maintenant : responsable ({lead.get_full_name()})." in page
    assert "Rappeler par courriel" in page
    browser = signed_in("officer")
    told = words_of(browser.post(reminder(case), follow=True))
    assert "Un rappel part à 1 personne." in told
    again = words_of(browser.post(reminder(case), follow=True))
    assert "Un rappel est déjà parti aujourd’hui" in again
    [sent] = Delivery.objects.filter(distribution__kind="reminder").select_related("distribution")
    assert (sent.person_id, sent.distribution.requested_by) == (lead.person_id, officer)
    assert sent.context["url"] == settings.SITE_URL + reverse("answers:desk-case", args=[case.pk])
    assert sent.context["title"] == f"{case.reference} {case.title}"
    assert Entry.objects.filter(event_type="distribution.requested").count() == 1
    case.refresh_from_db()
    assert case.state == "decided"
    time_machine.move_to(timezone.now() + timedelta(days=1))
    signed_in("officer").post(reminder(case))
    assert Distribution.objects.filter(kind="reminder").count() == 2


def test_who_may_act_is_not_reminded_nor_reminds(people, signed_in):
    case = answered_by(people, "decided", recommendation__opinion__state="published")
    page = words_of(signed_in("lead").get(reverse("answers:desk-case", args=[case.pk])))
    assert "Peut agir maintenant" not in page
    assert signed_in("lead").post(reminder(case)).status_code == 409
    ended = answered_by(people, "cancelled")
    assert signed_in("officer").post(reminder(ended)).status_code == 409
    assert signed_in("stranger").post(reminder(case)).status_code == 404
    assert signed_in("officer").post("/rappels/no.such/1/").status_code == 404
    question = words_of(signed_in("officer").get(reminder(case)))
    assert "Rappeler 1 personne ?" in question
    assert Distribution.objects.filter(kind="reminder").count() == 0


def test_names_are_for_the_team_and_a_member_writes_to_nobody(people, signed_in):
    """A directorate reads the role, not the name; a member who sees a referral may not have the team written to."""
    case = answered_by(people, "validated")
    page = words_of(signed_in("dir_contact").get(reverse("answers:directorate-case", args=[case.pk])))
    assert "Peut agir maintenant : cabinet du président ou responsable." in page
    assert signed_in("dir_contact").post(reminder(case)).status_code == 302
    assert Delivery.objects.filter(distribution__kind="reminder").count() == 2
    referral = case.opinion.referral
    type(referral).objects.filter(pk=referral.pk).update(state="opinion_adopted")
    address = reverse("notifications:reminder", args=["consultations.referral", referral.pk])
    assert signed_in("member").post(address).status_code in {403, 404}
