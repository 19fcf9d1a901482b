"""One text, tabled, voted, handed over, published: who, when, and what else did not move."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.collab.actions import texts
from assembly.collab.document import grammar, recommendations, writing
from assembly.collab.models import TextState, TextVersion, Update
from assembly.collab.queries import tree_of
from assembly.notifications.models import Distribution
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.models import ReferralState
from opinions.adoption.actions import handover, positions, voting
from opinions.adoption.workflow import POSITION
from opinions.models import (
    Opinion,
    OpinionVersion,
    PartVote,
    RankingMode,
    Recommendation,
    ServicesCheckState,
    ServicesRequest,
    Spokesperson,
)
from opinions.opinions.contributions import minutes_sentences
from opinions.opinions.models import SECTION_KIND, OpinionState, SectionState
from opinions.papers import actions as papers
from opinions.versions import actions as versions
from opinions.versions.models import RecommendationState, VersionKind
from sessions.agenda import actions as agenda
from sessions.decisions import actions as decisions
from sessions.decisions.workflow import BALLOT
from sessions.models import Ballot, BallotResult, BallotState, Sitting, SittingState
from sessions.signals import ballot_proclaimed, sitting_opened
from sessions.sittings.actions import planning
from sessions.sittings.actions.convening import cancel, postpone
from sessions.sittings.workflow import SITTING
from tests.factories.consultations import ReferralDirectorateFactory
from tests.factories.identity import UserFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    MinorityPositionFactory,
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServicesRequestFactory,
)
from tests.factories.sessions import SittingFactory, vote_moment
from tests.opinions.papers.whole import keep_rendition, sealed

pytestmark = pytest.mark.django_db
S, R = OpinionState, RecommendationState


def validated(people, *titles, author=None):
    """Make an opinion with validated groups, one section for each title, written by `author`."""
    opinion = OpinionFactory(term=people.term, state=S.GROUP_VALIDATED, officer=people["officer"])
    for position, title in enumerate(titles, start=1):
        by = author or UserFactory()
        tree = grammar.tree_document(
            grammar.heading("Constats"),
            grammar.paragraph(f"Ce que dit {title}."),
            grammar.recommendation(f"Agir pour {title}", {"proposal": "Ouvrir un guichet."}),
        )
        text = texts.create(SECTION_KIND, title=title, assembly=people.assembly, runs=[(by, tree)], by=by)
        OpinionSectionFactory(opinion=opinion, position=position, title=title, text=text, validated=True)
    return opinion


def consolidated(people, *titles):
    opinion = validated(people, *(titles or ("Habiter", "Bouger")))
    versions.consolidate(opinion, by=people["officer"])
    return opinion


def tabled(people, *titles, days=30):
    """Table the opinion for a future plenary, with the window open."""
    opinion = consolidated(people, *titles)
    sitting = SittingFactory(term=people.term, notified=True, starts_at=timezone.now() + timedelta(days=days))
    voting.table(opinion, sitting, by=people["officer"])
    opinion.refresh_from_db()
    return opinion


def proclaim(ballot, by, votes=(60, 9, 3, 0)):
    """Count the ballot by two people and proclaim it."""
    won = BallotResult.ADOPTED if votes[0] > votes[1] else BallotResult.REJECTED
    Ballot.objects.filter(pk=ballot.pk).update(
        state=BallotState.PROCLAIMED,
        votes_for=votes[0],
        votes_against=votes[1],
        abstentions=votes[2],
        no_opinion=votes[3],
        present=sum(votes),
        members_in_office=sum(votes),
        quorum=sum(votes) // 2,
        first_counter="Amina",
        second_counter="Hugo",
        counted_at=vote_moment(ballot.agenda_item.sitting),
        proclaimed_at=timezone.now(),
        result=won,
    )
    ballot.refresh_from_db()
    ballot_proclaimed.send(Ballot, ballot=ballot, by=by)


# One text


def test_the_texts_become_one_with_their_authors_and_references(people):
    author = UserFactory()
    opinion = validated(people, "Habiter", "Bouger", author=author)
    text = versions.consolidate(opinion, by=people["officer"])
    opinion.refresh_from_db()
    year = timezone.localdate().year
    assert (opinion.state, opinion.text, opinion.reference) == (S.CONSOLIDATED, text, f"AC2-{year}-01")
    rows = Recommendation.objects.filter(opinion=opinion).order_by("number")
    assert [(row.reference, row.title, row.section.title) for row in rows] == [
        (f"AC2-{year}-01-P01", "Agir pour Habiter", "Habiter"),
        (f"AC2-{year}-01-P02", "Agir pour Bouger", "Bouger"),
    ]
    titles = [block["content"][0]["text"] for block in tree_of(text)["content"] if block["type"] == "heading"]
    assert titles == ["Habiter", "Constats", "Bouger", "Constats"]
    assert author.pk in set(Update.objects.filter(text=text).values_list("author", flat=True))
    assert {section.text.state for section in opinion.sections.select_related("text")} == {TextState.FROZEN}


def test_directorates_that_are_named_are_asked_first(people):
    opinion = validated(people, "Habiter")
    ReferralDirectorateFactory(referral=opinion.referral, directorate=people.directorate)
    with pytest.raises(ValidationError):
        versions.consolidate(opinion, by=people["officer"])


def test_a_recommendation_copied_in_two_sections_has_two_references(people):
    opinion = validated(people, "Habiter", "Bouger")
    one, two = opinion.sections.select_related("text").order_by("position")
    texts.create(SECTION_KIND, title="Copie", assembly=people.assembly, runs=[], by=people["officer"])
    copied = texts.create(
        SECTION_KIND,
        title="Bouger",
        assembly=people.assembly,
        runs=[(people["officer"], tree_of(one.text))],
        by=people["officer"],
    )
    type(two).objects.filter(pk=two.pk).update(text=copied)
    versions.consolidate(opinion, by=people["officer"])
    rows = Recommendation.objects.filter(opinion=opinion)
    assert len({row.node_id for row in rows}) == len({row.reference for row in rows}) == 2


def test_two_officers_at_once_lose_nothing(people):
    opinion = consolidated(people)
    one, two = Recommendation.objects.filter(opinion=opinion).order_by("number")
    seen = opinion.version
    values = {one.pk: {"theme": "Logement", "is_priority": True}, two.pk: {"theme": "", "is_priority": False}}
    assert versions.save(opinion, values, version=seen, by=people["officer"]) == 1
    late = {one.pk: {"theme": "Habitat", "is_priority": False}}
    with pytest.raises(EditConflict) as stale:
        versions.save(opinion, late, version=seen, by=people["lead"])
    assert stale.value.current == opinion
    assert [row.theme for row in Recommendation.objects.filter(opinion=opinion).order_by("number")] == ["Logement", ""]
    versions.save(opinion, late, version=stale.value.version, by=people["lead"])
    assert Recommendation.objects.get(pk=one.pk).theme == "Habitat"


def test_duplicates_are_merged_and_their_origin_kept(people):
    opinion = consolidated(people, "Habiter", "Bouger", "Aider")
    one, two, three = Recommendation.objects.filter(opinion=opinion).order_by("number")
    versions.merge(two, one, version=opinion.version, by=people["officer"])
    two.refresh_from_db()
    three.refresh_from_db()
    assert (two.state, two.merged_into, two.reference[-3:]) == (R.MERGED, one, "P02")
    assert (three.number, three.reference[-3:]) == (2, "P03")
    assert [row.title for row in recommendations.read_all(tree_of(opinion.text))] == [one.title, three.title]
    opinion.refresh_from_db()
    with pytest.raises(ValidationError):
        versions.merge(one, one, version=opinion.version, by=people["officer"])
    with pytest.raises(EditConflict):
        versions.merge(three, one, version=1, by=people["officer"])


@pytest.mark.parametrize("who", ["facilitator", "member", "president", "dir_contact"])
def test_consolidating_is_the_teams(who, people):
    opinion = consolidated(people)
    one, two = Recommendation.objects.filter(opinion=opinion).order_by("number")
    for act in (
        lambda: versions.save(opinion, {}, version=opinion.version, by=people[who]),
        lambda: versions.merge(one, two, version=opinion.version, by=people[who]),
        lambda: versions.refresh_recommendations(opinion, version=opinion.version, by=people[who]),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_new_recommendation_gets_the_next_reference_and_a_gone_one_keeps_its_own(people):
    opinion = consolidated(people)
    by = people["officer"]
    first = Recommendation.objects.filter(opinion=opinion).order_by("number")[0]
    tree = tree_of(opinion.text)
    kept = [block for block in tree["content"] if block.get("attrs", {}).get("id") != str(first.node_id)]
    changed = grammar.tree_document(*kept, grammar.recommendation("Agir pour tous"))
    texts.edit(opinion.text, lambda doc: writing.replace_all(doc, changed), by=by)
    versions.refresh_recommendations(opinion, version=opinion.version, by=by)
    rows = Recommendation.objects.filter(opinion=opinion).order_by("reference")
    assert [(row.reference[-3:], row.state, row.number) for row in rows] == [
        ("P01", R.REMOVED, 1),
        ("P02", R.ACTIVE, 1),
        ("P03", R.ACTIVE, 2),
    ]


# On the agenda


def test_tabling_freezes_puts_on_the_agenda_prepares_the_vote_and_tells(people):
    MandateFactory(term=people.term)
    assert people["president"]
    opinion = consolidated(people)
    ServicesRequestFactory(opinion=opinion)
    sitting = SittingFactory(term=people.term)
    item = voting.table(opinion, sitting, by=people["officer"])
    opinion.refresh_from_db()
    opinion.text.refresh_from_db()
    version = OpinionVersion.objects.get(opinion=opinion)
    assert (opinion.state, opinion.agenda_item, opinion.text.state) == (S.AMENDING, item, TextState.FROZEN)
    assert (version.kind, version.text_version) == (VersionKind.TABLED, TextVersion.objects.get(text=opinion.text))
    assert version.sha256 == version.text_version.sha256
    assert opinion.ballot.majority_rule == people.term.majority_rule
    assert timezone.localtime(opinion.amendments_close_at).date() == timezone.localtime(
        sitting.starts_at
    ).date() - timedelta(days=4)
    assert ServicesRequest.objects.get(opinion=opinion).state == ServicesCheckState.CLOSED
    assert Distribution.objects.get(kind="opinion-tabled").deliveries.count() == 2


def test_a_window_may_open_later_by_the_clock_and_closes_by_it(people):
    opinion = consolidated(people)
    opens = timezone.now() + timedelta(days=2)
    closes = timezone.now() + timedelta(days=9)
    voting.table(opinion, SittingFactory(term=people.term), open_at=opens, close_at=closes, by=people["officer"])
    states = []
    for moment in (timezone.now(), opens, closes, closes):
        moved = voting.move_windows(moment)
        opinion.refresh_from_db()
        states.append((opinion.state, moved))
    assert states == [(S.TABLED, 0), (S.AMENDING, 1), (S.FROZEN, 1), (S.FROZEN, 0)]
    assert opinion.frozen_at


@pytest.mark.parametrize("days", [(3, 2), (1, 40)])
def test_a_window_that_makes_no_sense_is_refused(days, people):
    opinion = consolidated(people)
    opens, closes = (timezone.now() + timedelta(days=day) for day in days)
    sitting = SittingFactory(term=people.term)
    with pytest.raises(ValidationError):
        voting.table(opinion, sitting, open_at=opens, close_at=closes, by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.CONSOLIDATED


def test_what_is_not_ready_is_not_tabled(people):
    opinion = consolidated(people)
    held = SittingFactory(term=people.term, held=True)
    with pytest.raises(ValidationError):
        voting.table(opinion, held, by=people["officer"])
    mark = {"type": "insertion", "attrs": {"id": f"{people['member'].pk}-a-1"}}
    proposed = {"type": "paragraph", "content": [{"type": "text", "text": "Un bus.", "marks": [mark]}]}
    texts.edit(
        opinion.text, lambda doc: writing.append_blocks(doc, grammar.tree_document(proposed)), by=people["officer"]
    )
    with pytest.raises(ValidationError, match="attendent"):
        voting.table(opinion, SittingFactory(term=people.term), by=people["officer"])


def test_signs_that_cannot_be_printed_are_named_before_the_text_is_tabled(people):
    opinion = consolidated(people)
    noted = {"type": "paragraph", "content": [{"type": "footnote", "attrs": {"text": "Merci 🙏 à tous."}}]}
    texts.edit(
        opinion.text, lambda doc: writing.append_blocks(doc, grammar.tree_document(noted)), by=people["officer"]
    )
    with pytest.raises(ValidationError, match="🙏.*ne peut pas être imprimé.*Merci 🙏 à tous"):
        voting.table(opinion, SittingFactory(term=people.term), by=people["officer"])
    opinion.refresh_from_db()
    assert (opinion.state, opinion.text.state) == (S.CONSOLIDATED, TextState.OPEN)
    assert not opinion.versions.exists()


def test_the_opening_of_the_sitting_freezes(people):
    opinion = tabled(people)
    sitting_opened.send(Sitting, sitting=opinion.tabled_sitting, by=people["officer"])
    opinion.refresh_from_db()
    assert opinion.state == S.FROZEN


@pytest.mark.parametrize(("hours", "state"), [(1, S.AMENDING), (-1, S.FROZEN)])
def test_an_opening_by_mistake_gives_the_hours_of_the_amendments_back(people, hours, state):
    opinion = tabled(people)
    sitting = opinion.tabled_sitting
    starts_at = timezone.now() + timedelta(minutes=90)
    day = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=5)}
    Sitting.objects.filter(pk=sitting.pk).update(**day, break_starts_at=None, break_ends_at=None)
    sitting.refresh_from_db()
    SITTING.transition(sitting, "open", by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.FROZEN
    opened, closes = timezone.now() - timedelta(days=3), timezone.now() + timedelta(hours=hours)
    Opinion.objects.filter(pk=opinion.pk).update(amendments_open_at=opened, amendments_close_at=closes)
    planning.undo_opening(sitting, reason="Mauvaise séance", by=people["lead"])
    assert Opinion.objects.get(pk=opinion.pk).state == state


def test_a_vote_that_decided_of_an_opinion_is_not_withdrawn(people):
    opinion = tabled(people)
    proclaim(opinion.ballot, people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.ADOPTED
    with pytest.raises(ValidationError, match="un résultat qui a eu des suites ne se retire pas"):
        decisions.withdraw_ballot(opinion.ballot, reason="Erreur", by=people["lead"])


def test_taking_off_opens_the_text_and_drops_the_votes(people):
    opinion = tabled(people)
    voting.add_part(opinion, label="Le chapeau", by=people["officer"])
    voting.take_off(opinion, reason="Pas prêt.", by=people["officer"])
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot, opinion.agenda_item) == (S.CONSOLIDATED, None, None)
    assert opinion.text.state == TextState.OPEN
    assert set(Ballot.objects.values_list("state", flat=True)) == {BallotState.CANCELLED}
    assert not PartVote.objects.filter(dropped_at=None).exists()


def test_a_point_taken_off_the_agenda_takes_the_opinion_along(people):
    opinion = tabled(people)
    agenda.remove(opinion.agenda_item, by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.CONSOLIDATED


def test_a_sitting_put_off_takes_the_vote_along_and_one_called_off_gives_it_back(people):
    opinion = tabled(people)
    voting.add_part(opinion, label="Le chapeau", by=people["officer"])
    later = timezone.now() + timedelta(days=60)
    officer = people["officer"]
    follower = postpone(
        opinion.tabled_sitting, reason="Neige.", by=officer, starts_at=later, ends_at=later + timedelta(hours=5)
    )
    opinion.refresh_from_db()
    assert (opinion.state, opinion.tabled_sitting, opinion.agenda_item.sitting) == (S.AMENDING, follower, follower)
    assert opinion.ballot.agenda_item == opinion.agenda_item
    assert PartVote.objects.get(dropped_at=None).ballot.agenda_item == opinion.agenda_item
    cancel(Sitting.objects.get(pk=follower.pk), reason="Neige encore.", by=officer)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot) == (S.CONSOLIDATED, None)


# The vote


def test_the_proclaimed_ballot_adopts_and_moves_the_referral(people):
    MandateFactory(term=people.term)
    opinion = tabled(people)
    proclaim(opinion.ballot, people["officer"])
    opinion.refresh_from_db()
    opinion.referral.refresh_from_db()
    assert (opinion.state, opinion.adopted_on) == (S.ADOPTED, timezone.localdate())
    assert opinion.referral.state == ReferralState.OPINION_ADOPTED
    kinds = list(OpinionVersion.objects.filter(opinion=opinion).values_list("kind", flat=True))
    assert kinds == [VersionKind.TABLED, VersionKind.ADOPTED]
    assert Distribution.objects.filter(kind="opinion-adopted").count() == 1
    (said,) = minutes_sentences([str(opinion.pk)])[str(opinion.pk)]
    assert said.startswith("L’assemblée adopte l’avis")
    assert "pour 60, contre 9, abstention 3" in said


def test_the_proclaimed_ballot_rejects_and_leaves_the_referral(people):
    opinion = tabled(people)
    proclaim(opinion.ballot, people["officer"], votes=(9, 60, 0, 2))
    opinion.refresh_from_db()
    opinion.referral.refresh_from_db()
    assert (opinion.state, opinion.rejected_on) == (S.REJECTED, timezone.localdate())
    assert opinion.referral.state == ReferralState.IN_PROGRESS
    assert "n’adopte pas" in minutes_sentences([str(opinion.pk)])[str(opinion.pk)][0]


def test_parts_are_voted_first_and_what_is_refused_leaves_the_adopted_text(people):
    opinion = tabled(people, "Habiter", "Bouger", "Aider")
    one, two, three = Recommendation.objects.filter(opinion=opinion).order_by("number")
    officer = people["officer"]
    refused = voting.add_part(opinion, recommendation=one, by=officer)
    section = voting.add_part(opinion, section=two.section, by=officer)
    proclaim(refused.ballot, officer, votes=(2, 60, 0, 0))
    proclaim(opinion.ballot, officer)
    opinion.refresh_from_db()
    assert opinion.state == S.VOTED
    proclaim(section.ballot, officer, votes=(2, 60, 0, 0))
    opinion.refresh_from_db()
    assert opinion.state == S.ADOPTED
    adopted = OpinionVersion.objects.get(opinion=opinion, kind=VersionKind.ADOPTED)
    assert [row.title for row in recommendations.read_all(adopted.tree)] == [three.title]
    states = Recommendation.objects.filter(opinion=opinion).order_by("reference").values_list("state", flat=True)
    assert list(states) == [R.REJECTED, R.REJECTED, R.ACTIVE]
    assert len(minutes_sentences([str(opinion.pk)])[str(opinion.pk)]) == 3


def test_a_cancelled_vote_on_a_part_lets_the_whole_go_on(people):
    opinion = tabled(people)
    part = voting.add_part(opinion, label="Le chapeau", by=people["officer"])
    proclaim(opinion.ballot, people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.VOTED
    BALLOT.transition(part.ballot, "drop", by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).state == S.ADOPTED


def test_when_the_prepared_vote_is_cancelled_the_next_on_the_item_decides(people):
    opinion = tabled(people)
    officer = people["officer"]
    BALLOT.transition(opinion.ballot, "drop", by=officer)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot) == (S.AMENDING, None)
    again = decisions.announce_ballot(opinion.agenda_item, question="Adopter ?", by=officer)
    proclaim(again, officer)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ballot) == (S.ADOPTED, again)


def test_parts_belong_to_the_opinion_and_are_voted_once(people):
    opinion = tabled(people)
    row = Recommendation.objects.filter(opinion=opinion).first()
    officer = people["officer"]
    voting.add_part(opinion, recommendation=row, by=officer)
    for wrong in ({"recommendation": row}, {"recommendation": RecommendationFactory()}, {"label": " "}):
        with pytest.raises(ValidationError):
            voting.add_part(opinion, by=officer, **wrong)
    with pytest.raises(PermissionDenied):
        voting.add_part(opinion, label="Moi", by=people["member"])


# Afterwards


def scores(opinion, *values):
    rows = Recommendation.objects.filter(opinion=opinion).order_by("number")
    return {row.pk: value for row, value in zip(rows, values, strict=True)}


def rank(opinion, by, values, mode=RankingMode.DOTS, version=0, voters=10):
    return handover.rank(
        opinion,
        scores(opinion, *values),
        mode=mode,
        held_on=timezone.localdate(),
        voters=voters,
        priorities=1,
        counters=("Amina", "Hugo"),
        version=version,
        by=by,
    )


def test_dots_and_ranks_say_what_matters_most(people):
    opinion = consolidated(people)
    officer = people["officer"]
    rank(opinion, officer, (20, 25))
    first, second = Recommendation.objects.filter(opinion=opinion).order_by("number")
    assert (first.is_priority, second.is_priority) == (False, True)
    with pytest.raises(EditConflict):
        rank(opinion, officer, (20, 25))
    rank(opinion, officer, (12, 18), mode=RankingMode.RANKS, version=1)
    first.refresh_from_db()
    assert (first.is_priority, first.priority_score) == (True, 12)


@pytest.mark.parametrize(
    ("values", "mode"), [((40, 25), RankingMode.DOTS), ((12, 17), RankingMode.RANKS), ((-1, 3), RankingMode.DOTS)]
)
def test_counts_that_cannot_be_true_are_refused(values, mode, people):
    opinion = consolidated(people)
    with pytest.raises(ValidationError):
        rank(opinion, people["officer"], values, mode=mode)


def test_spokespersons_are_members_drawn_before_witnesses_once(people):
    opinion = OpinionFactory(term=people.term, state=S.ADOPTED)
    drawn = [MandateFactory(term=people.term).member.person for _ in range(2)]
    today = timezone.localdate()
    wrong = [
        {"persons": drawn, "drawn_on": today, "witnesses": " "},
        {"persons": [drawn[0], drawn[0]], "drawn_on": today, "witnesses": "Mᵉ Pujol"},
        {"persons": [people["officer"].person], "drawn_on": today, "witnesses": "Mᵉ Pujol"},
        {"persons": drawn, "drawn_on": today + timedelta(days=1), "witnesses": "Mᵉ Pujol"},
        {"persons": [], "drawn_on": today, "witnesses": "Mᵉ Pujol"},
    ]
    for values in wrong:
        with pytest.raises(ValidationError):
            handover.draw(opinion, by=people["officer"], **values)
    handover.draw(opinion, drawn, drawn_on=today, witnesses="Mᵉ Pujol", by=people["officer"])
    assert [row.person for row in Spokesperson.objects.filter(draw__opinion=opinion)] == drawn
    with pytest.raises(ValidationError):
        handover.draw(opinion, drawn, drawn_on=today, witnesses="Mᵉ Pujol", by=people["officer"])


def test_the_handover_is_told_and_moves_the_referral(people):
    MandateFactory(term=people.term)
    opinion = tabled(people, "Habiter", "Bouger", "Aider")
    officer = people["officer"]
    refused = Recommendation.objects.filter(opinion=opinion).first()
    proclaim(voting.add_part(opinion, recommendation=refused, by=officer).ballot, officer, votes=(1, 9, 0, 0))
    proclaim(opinion.ballot, officer)
    opinion = Opinion.objects.select_related("term", "referral").get(pk=opinion.pk)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="Faites d’abord sceller"):
        handover.hand_over(opinion, on=today, place="Toulouse", to="le président", by=officer)
    opinion.refresh_from_db()
    assert opinion.state == S.ADOPTED
    sealed(opinion)
    for wrong in ({"place": " "}, {"to": ""}, {"on": today - timedelta(days=1)}, {"on": today + timedelta(days=1)}):
        with pytest.raises(ValidationError):
            handover.hand_over(
                opinion, **({"on": today, "place": "Toulouse", "to": "le président"} | wrong), by=officer
            )
    handover.hand_over(opinion, on=today, place="Toulouse", to="le président", by=officer)
    opinion.referral.refresh_from_db()
    assert opinion.referral.state == ReferralState.HANDED_OVER
    assert Distribution.objects.filter(kind="opinion-handed").count() == 1


def change_words(opinion, position, officer):
    papers.write_chapters(opinion, {"foreword": "Nous avons écrit ce texte à cent."}, version=0, by=officer)


def change_position(opinion, position, officer):
    words = {
        "title": position.title,
        "body": f"{position.body} Nous aurions voulu un arrêt dans chaque village, et des horaires du soir.",
    }
    positions.save(opinion, **words, by=position.author, position=position, version=position.version)


def withdraw_position(opinion, position, officer):
    POSITION.transition(position, "withdraw", by=position.author)


@pytest.mark.parametrize("change", [change_words, change_position, withdraw_position])
def test_what_changed_since_the_seal_is_sealed_again_before_the_handover(change, people):
    officer = people["officer"]
    opinion = OpinionFactory(term=people.term, state=S.ADOPTED)
    position = MinorityPositionFactory(opinion=opinion, author=people["member"], submitted=True)
    MandateFactory(term=people.term, member__person=position.author.person)
    document = sealed(opinion)
    change(opinion, position, officer)
    facts = {"on": timezone.localdate(), "place": "Toulouse", "to": "le président", "by": officer}
    with pytest.raises(ValidationError, match="a changé depuis son cachet"):
        handover.hand_over(opinion, **facts)
    assert Opinion.objects.get(pk=opinion.pk).state == S.ADOPTED
    keep_rendition(opinion, document)
    handover.hand_over(opinion, **facts)
    assert Opinion.objects.get(pk=opinion.pk).state == S.HANDED_OVER


def test_publication_and_the_summary_in_easy_words(people):
    opinion = OpinionFactory(term=people.term, state=S.HANDED_OVER)
    papers.write_easy_read(opinion, "Nous demandons des guichets.", by=people["officer"])
    papers.publish(opinion, by=people["officer"])
    assert list(Opinion.objects.public()) == [opinion]
    papers.write_easy_read(opinion, "Nous voulons des guichets.", by=people["officer"])
    assert Opinion.objects.get(pk=opinion.pk).easy_read == "Nous voulons des guichets."
    with pytest.raises(PermissionDenied):
        papers.write_easy_read(opinion, "Moi.", by=people["member"])
    with pytest.raises(StateConflict):
        papers.publish(opinion, by=people["officer"])


def test_a_sitting_that_is_gone_is_not_offered(people):
    opinion = consolidated(people)
    gone = SittingFactory(term=people.term, state=SittingState.CANCELLED, reason="Neige.")
    with pytest.raises(ValidationError):
        voting.table(opinion, gone, by=people["officer"])
    assert opinion.sections.filter(state=SectionState.VALIDATED).count() == 2
