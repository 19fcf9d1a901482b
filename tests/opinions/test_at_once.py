"""Two persons at the same moment, each with their own connection: one text, one reference, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from assembly.collab.models import SharedText
from assembly.identity.models import User
from assembly.workflow import StateConflict, lock
from consultations.models import Referral
from opinions.adoption.actions import handover, voting as adoption
from opinions.checks import actions as checks
from opinions.models import (
    Opinion,
    OpinionSection,
    OpinionState,
    OpinionVersion,
    OpinionVisa,
    OpinionVisaCapacity,
    PartVote,
    Recommendation,
    ServiceNote,
    ServicesRequest,
    Spokesperson,
    VersionKind,
)
from opinions.opinions import actions as opinions
from opinions.papers import actions as papers
from opinions.sections import actions as sections
from opinions.versions import actions as versions
from tests.factories.consultations import ReferralFactory
from tests.factories.identity import PersonFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServicesRequestFactory,
)
from tests.factories.sessions import AgendaItemFactory
from tests.second_hand import during

pytestmark = pytest.mark.django_db(transaction=True)
S = OpinionState
NOTE = {"competence": "yes", "feasibility": "as_is"}


def together(*acts):
    """Run them at once; what each returned, or raised."""

    def run(act):
        try:
            return act()
        except Exception as raised:
            return raised
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def loaded(opinion):
    return Opinion.objects.select_related("term__assembly", "referral__term", "officer", "text").get(pk=opinion.pk)


def test_two_officers_who_unite_the_texts_make_one(people):
    opinion = OpinionFactory(term=people.term, state=S.GROUP_VALIDATED)
    OpinionSectionFactory(opinion=opinion, validated=True)
    users = [User.objects.get(pk=people[who].pk) for who in ("officer", "lead")]
    answers = together(*(lambda user=user: versions.consolidate(loaded(opinion), by=user) for user in users))
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["SharedText", "StateConflict"]
    assert SharedText.objects.filter(kind="opinion").count() == 1
    assert Recommendation.objects.get(opinion=opinion).reference == f"AC2-{timezone.localdate().year}-01-P01"


def test_two_officers_who_save_the_table_are_told_apart(people):
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    row = RecommendationFactory(opinion=opinion, numbered=True)
    users = [User.objects.get(pk=people[who].pk) for who in ("officer", "lead")]
    acts = [
        lambda user=user, theme=theme: versions.save(loaded(opinion), {row.pk: {"theme": theme}}, version=1, by=user)
        for user, theme in zip(users, ("Logement", "Habitat"), strict=True)
    ]
    answers = together(*acts)
    assert sorted(type(answer).__name__ for answer in answers) == ["EditConflict", "int"]
    lost = next(answer for answer in answers if not isinstance(answer, int))
    assert (lost.current, lost.version) == (opinion, 2)
    assert Recommendation.objects.get(pk=row.pk).theme in {"Logement", "Habitat"}
    assert Opinion.objects.get(pk=opinion.pk).version == 2


def test_two_groups_that_finish_at_once_move_the_opinion_once(people):
    opinion = OpinionFactory(term=people.term, state=S.DRAFTING)
    keys = [OpinionSectionFactory(opinion=opinion).pk for _ in range(2)]
    officer = User.objects.get(pk=people["officer"].pk)

    def validate(key):
        section = OpinionSection.objects.select_related("opinion__officer", "opinion__term", "text").get(pk=key)
        sections.validate(section, on=timezone.localdate(), by=officer)

    assert together(*(lambda key=key: validate(key) for key in keys)) == [None, None]
    assert Opinion.objects.get(pk=opinion.pk).state == S.GROUP_VALIDATED


def test_two_agents_who_note_the_same_recommendation_are_told_apart(people):
    opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK)
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    row = RecommendationFactory(opinion=opinion)
    users = [User.objects.get(pk=people[who].pk) for who in ("dir_contact", "dir_approver")]

    def note(user):
        mine = ServicesRequest.objects.select_related("opinion__term").get(pk=request.pk)
        return checks.save(mine, row, NOTE | {"body": user.email}, version=0, by=user)

    answers = together(*(lambda user=user: note(user) for user in users))
    assert sorted(type(answer).__name__ for answer in answers) == ["EditConflict", "ServiceNote"]
    kept = ServiceNote.objects.get()
    assert {getattr(answer, "current", answer).body for answer in answers} == {kept.body}
    assert StateConflict not in {type(answer) for answer in answers}


HAND_DRAWN = {"drawn_on": date(2026, 1, 5), "witnesses": "Mᵉ Pujol"}


def test_spokespersons_entered_twice_are_refused_in_words(people):
    opinion, officer = OpinionFactory(term=people.term, state=S.ADOPTED), people["officer"]
    one, two = (MandateFactory(term=people.term).member.person for _ in range(2))
    refusal = during(
        lambda: handover.draw(loaded(opinion), [one], by=officer, **HAND_DRAWN),
        lambda: handover.draw(loaded(opinion), [two], by=officer, **HAND_DRAWN),
    )
    assert (type(refusal), refusal.messages) == (ValidationError, ["Les porte-parole sont déjà notés."])
    assert Spokesperson.objects.get().person == one


def test_a_visa_is_on_the_text_that_another_hand_writes_first(people):
    opinion, officer = OpinionFactory(term=people.term, state=S.ADOPTED, rapporteur=PersonFactory()), people["officer"]
    tree = OpinionVersion.objects.get(opinion=opinion).tree

    def write():
        versions.make(lock(loaded(opinion)), VersionKind.ADOPTED, tree, by=officer)

    met = during(write, lambda: papers.record_visa(loaded(opinion), OpinionVisaCapacity.RAPPORTEUR, by=officer))
    assert met is None
    assert OpinionVisa.objects.get().version == OpinionVersion.objects.filter(opinion=opinion).latest("number")


def test_two_opinions_on_one_referral_are_refused_in_words(people):
    referral, officer = ReferralFactory(term=people.term, working=True), people["officer"]

    def create():
        opinions.create(Referral.objects.select_related("term").get(pk=referral.pk), title="Habiter", by=officer)

    refusal = during(create, create)
    assert (type(refusal), refusal.messages) == (ValidationError, ["Un avis est déjà en cours sur cette saisine."])
    assert Opinion.objects.count() == 1


def test_two_votes_on_one_recommendation_are_refused_in_words(people):
    item = AgendaItemFactory(sitting__term=people.term)
    opinion = OpinionFactory(term=people.term, state=S.TABLED, agenda_item=item)
    row, officer = RecommendationFactory(opinion=opinion, numbered=True), people["officer"]

    def announce():
        mine = Opinion.objects.select_related("agenda_item__sitting__term").get(pk=opinion.pk)
        adoption.add_part(mine, recommendation=row, by=officer)

    refusal = during(announce, announce)
    assert (type(refusal), refusal.messages) == (
        ValidationError,
        ["Un vote est déjà prévu sur cette préconisation."],
    )
    assert PartVote.objects.count() == 1
