"""Every step of minutes × state × role, through its page: 404, 403, 409, 422 or done, all written by hand."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import Correction, Minutes, MinutesState, SittingState
from tests.factories.documents import DocumentFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state, next_plenary
from tests.undo import undone

S = MinutesState
LETTERS = {
    "D": S.DRAFT,
    "I": S.INTERNAL_CHECK,
    "V": S.VALIDATED,
    "C": S.CIRCULATED,
    "K": S.CORRECTIONS,
    "S": S.SUBMITTED,
    "A": S.APPROVED,
    "G": S.SIGNED,
    "P": S.PUBLISHED,
    "Z": S.ARCHIVED,
}
FORMAL, REPORT = "DICKSAGPZ", "DVCPZ"
TEAM, LEAD, DONE, LACKS = "lead officer secretary", "lead", 302, 422
# Slug: whose step; states of formal minutes, of a report; what a right form gives there, for each kind.
STEPS = {
    "type": (TEAM, "D", "D", DONE, DONE),
    "fonctions": (TEAM, "DICKSA", "DVC", DONE, DONE),
    "relire": (TEAM, "D", "", DONE, None),
    "rendre": (TEAM, "I", "V", DONE, DONE),
    "valider": (LEAD, "", "D", None, DONE),
    "circuler": (TEAM, "I", "V", DONE, DONE),
    "clore-les-corrections": (TEAM, "C", "", DONE, None),
    "repondre": (TEAM, "CKSAGPZ", "CPZ", DONE, DONE),
    "soumettre": (TEAM, "CK", "", DONE, None),
    "approuver": (TEAM, "S", "", DONE, None),
    "visa-presidence": ("", "A", "", DONE, None),
    "visa-secretariat": ("secretary", "A", "", DONE, None),
    "visa-papier": (TEAM, "A", "", DONE, None),
    "reprendre-les-visas": (TEAM, "A", "", LACKS, None),  # no visa covers another text
    "sceller": (TEAM, "A", "C", LACKS, DONE),  # formal ones lack both visas
    "publier": (TEAM, "G", "C", LACKS, LACKS),  # the file has no seal
    "diffuser": (TEAM, "GPZ", "PZ", DONE, DONE),
    "releve": (TEAM, "CKSAGPZ", "CPZ", DONE, DONE),
    "diffuser-le-releve": (TEAM, "CKSAGPZ", "CPZ", DONE, DONE),
    "rouvrir": (LEAD, "ICKS", "VC", DONE, DONE),
    "rectifier": (LEAD, "GP", "", DONE, None),
    "archiver": (TEAM, "GP", "CP", DONE, DONE),
}
# Steps that an empty form does not take.
ASK = ["type", "fonctions", "soumettre", "visa-papier", "rouvrir", "rectifier"]
ROLES = ["lead", "officer", "secretary", "facilitator", "chair", "elsewhere"]
TABLES = [*(("formal", letter) for letter in FORMAL), *(("report", letter) for letter in REPORT)]


def url(minutes, slug):
    return reverse("sittings:minutes-step", args=[minutes.pk, slug])


def minutes_at(people, kind, letter):
    """Make minutes with an answer to send, a list of decisions and an open sitting that may approve them."""
    minutes = written_minutes(people, committee=kind == "report")
    section = minutes.sections.get(agenda_item=minutes.held.items[1])
    person, now = minutes.held.members[1].person, timezone.now()
    Correction.objects.create(
        minutes=minutes, section=section, author=person, proposal="Oui", state="accepted", answered_at=now
    )
    coming = next_plenary(minutes.held)
    approving = next_plenary(minutes.held, state=SittingState.OPEN, days=60)
    document = DocumentFactory(term=people.term)
    facts = {"decisions_document": document, "approval_item": approving.agenda.first()}
    at_state(minutes, LETTERS[letter])
    Minutes.objects.update(**facts)
    minutes.right_forms = {
        "type": {"kind": "formal"},
        "fonctions": {"chair": minutes.held.chair.person.pk, "secretary": minutes.held.secretary.person.pk},
        "soumettre": {"sitting": coming.pk},
        "visa-papier": {"capacity": "chair"},
        "rouvrir": {"reason": "Une date est fausse."},
        "rectifier": {
            "section": section.pk,
            "passage": "novembre 2026",
            "proposal": "décembre 2026",
            "reason": "Erreur matérielle.",
        },
    }
    return minutes


def browsers(signed_in, people, minutes):
    held = minutes.held
    own = {"secretary": held.secretary, "chair": held.chair, "elsewhere": people.elsewhere("lead")}
    return {role: signed_in(own.get(role, role), noted=True) for role in ROLES}


def expected(slug, kind, letter, role):
    """The one rule: who does not see reads 404, who never takes it 403, in another state 409, else what is written.

    A step that this kind of minutes does not have is nobody's.
    """
    whose, formal, report, done, sealed = STEPS[slug]
    states = formal if kind == "formal" else report
    if role == "elsewhere":
        return 404
    if role not in whose.split() or not states:
        return 403
    if letter not in states:
        return 409
    return done if kind == "formal" else sealed


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "letter"), TABLES)
def test_every_step_by_every_role(signed_in, people, kind, letter):
    minutes = minutes_at(people, kind, letter)
    rooms = browsers(signed_in, people, minutes)
    for slug in STEPS:
        for role, browser in rooms.items():
            with undone(slug, role):
                answer = browser.post(url(minutes, slug), minutes.right_forms.get(slug, {}))
                assert answer.status_code == expected(slug, kind, letter, role)
    minutes.refresh_from_db()
    assert minutes.state == LETTERS[letter]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", STEPS)
def test_the_question_is_asked_and_an_empty_form_refused(signed_in, people, slug):
    whose, formal, report, *_answers = STEPS[slug]
    kind, letter = ("formal", formal[0]) if formal else ("report", report[0])
    minutes = minutes_at(people, kind, letter)
    role = (whose or "lead").split()[0]
    browser = browsers(signed_in, people, minutes)[role]
    assert browser.get(url(minutes, slug)).status_code == (200 if whose else 403)
    if slug in ASK:
        assert browser.post(url(minutes, slug), {}).status_code == 422
        minutes.refresh_from_db()
        assert minutes.state == LETTERS[letter]


@pytest.mark.django_db
def test_a_step_that_is_not_there(signed_in, people):
    minutes = minutes_at(people, "formal", "D")
    assert signed_in("lead").get(url(minutes, "danser")).status_code == 404


@pytest.mark.django_db
def test_a_step_taken_by_a_colleague_says_which_who_and_when(signed_in, people):
    minutes = minutes_at(people, "formal", "I")
    lead = people["lead"]
    lead.person.first_name, lead.person.last_name = "Muriel", "Daste"
    lead.person.save()
    assert signed_in(lead).post(url(minutes, "rouvrir"), {"reason": "Une date est fausse."}).status_code == 302
    page = signed_in("officer").post(url(minutes, "circuler"))
    words = page.content.decode().replace("\u00a0", " ")
    assert page.status_code == 409
    assert all(
        part in words for part in ("En rédaction", "Muriel Daste a rouvert le compte rendu", "Rien n’a été fait")
    )
