"""The bureau's pages of opinions: list, plan, sections, steps, table of recommendations, vote."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.menu import menu_for
from opinions.adoption import rules
from opinions.models import AmendmentState, Opinion, OpinionSection, OpinionSettings, PartVote, Ranking, Recommendation
from opinions.opinions.models import OpinionState, SectionState
from opinions.versions.models import RecommendationState
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.models import Ballot
from tests.factories.amendments import AmendmentFactory
from tests.factories.answers import AnswerCaseFactory
from tests.factories.consultations import ReferralCommitteeFactory, ReferralFactory
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    PartVoteFactory,
    RankingFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    SpokespersonFactory,
)
from tests.factories.sessions import SittingFactory
from tests.opinions.amendments.debated_opinion import amending, in_sitting
from tests.opinions.papers.whole import sealed

pytestmark = pytest.mark.django_db
S = OpinionState
LIST = "/bureau/avis-citoyens/"


def url(name, opinion, *more):
    return reverse(f"opinions:{name}", args=[opinion.pk, *more])


def opinion_with_everything(people, state, rows=1):
    """Make an opinion with sections, recommendations, notes, a ranking, a draw, answers."""
    opinion = OpinionFactory(term=people.term, state=state, officer=people["officer"])
    for position in range(rows):
        OpinionSectionFactory(opinion=opinion, position=position + 1, bare=state == S.OUTLINE)
        row = RecommendationFactory(opinion=opinion, numbered=opinion.reference != "", priority_score=3)
        RecommendationFactory(opinion=opinion, state=RecommendationState.MERGED, merged_into=row)
        ServiceNoteFactory(request__opinion=opinion, request__state="validated", recommendation=row)
        if state in {S.HANDED_OVER, S.PUBLISHED}:
            AnswerCaseFactory(recommendation=row)
    if rules.can_rank(people["officer"], opinion):
        RankingFactory(opinion=opinion)
    if opinion.is_adopted:
        SpokespersonFactory(draw__opinion=opinion)
    return opinion


@pytest.mark.parametrize("state", OpinionState)
def test_every_tab_opens_in_every_state(state, people, signed_in):
    opinion = opinion_with_everything(people, state)
    for who in ("lead", "facilitator"):
        browser = signed_in(who)
        page = browser.get(url("opinion", opinion))
        assert page.status_code == 200, who
        frame = page.context["frame"]
        for tab in frame.tabs:
            assert browser.get(tab.url).status_code == 200, (who, tab.label)
        for address in [link.url for link in frame.links]:
            assert browser.get(address).status_code == 200, (who, address)
        if frame.status.url:
            assert browser.get(frame.status.url).status_code == 200, (who, frame.status.url)


def test_an_opinion_begins_with_the_groups_of_its_question(people, signed_in):
    referral = ReferralFactory(term=people.term, working=True)
    ReferralCommitteeFactory(referral=referral)
    ReferralFactory(term=people.term)
    browser = signed_in("officer")
    page = browser.get(f"{LIST}nouveau/")
    assert list(page.context["form"].fields["referral"].queryset) == [referral]
    answer = browser.post(f"{LIST}nouveau/", {"referral": referral.pk, "title": "Bien vieillir"})
    opinion = Opinion.objects.get()
    assert (answer.url, opinion.sections.count()) == (url("outline", opinion), 1)
    assert browser.post(f"{LIST}nouveau/", {"referral": referral.pk, "title": "Encore"}).status_code == 422


def test_the_plan_is_arranged(people, signed_in):
    opinion = OpinionFactory(term=people.term)
    one = OpinionSectionFactory(opinion=opinion, bare=True, position=1, title="Habiter")
    two = OpinionSectionFactory(opinion=opinion, bare=True, position=2, title="Bouger")
    browser = signed_in("officer")
    browser.post(url("outline", opinion), {"title": "Aider", "committee": "", "guidance": ""})
    browser.post(url("section-move", opinion, two.pk), {"direction": "up"})
    edit = url("section-edit", opinion, one.pk)
    seen = browser.get(edit).context["form"].initial["version"]
    typed = {"title": "Habiter chez soi", "committee": one.committee_id, "version": seen}
    browser.post(edit, typed)
    late = browser.post(edit, typed | {"title": "Se loger"})
    assert late.status_code == 409
    assert [(row.theirs, row.yours) for row in late.context["form"].conflict.rows] == [
        ("Habiter chez soi", "Se loger")
    ]
    browser.post(url("section-remove", opinion, two.pk))
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None)
    assert list(rows.values_list("title", flat=True)) == ["Habiter chez soi", "Aider"]
    assert browser.post(url("outline", opinion), {"title": ""}).status_code == 422
    browser.post(url("section-restore", opinion, two.pk))
    browser.post(url("section-duplicate", opinion, one.pk))
    assert list(rows.values_list("title", flat=True)) == ["Bouger", "Habiter chez soi", "Habiter chez soi", "Aider"]
    order = ",".join(f"{pk}:0" for pk in rows.order_by("-position").values_list("pk", flat=True))
    browser.post(url("sections-arrange", opinion), {"order": order})
    assert rows.values_list("title", flat=True).first() == "Aider"
    assert browser.post(url("sections-arrange", opinion), {"order": f"{one.pk}:0"}).status_code == 409


def test_an_officer_walks_from_the_plan_to_the_agenda(people, signed_in):
    opinion = OpinionFactory(term=people.term)
    OpinionSectionFactory(opinion=opinion, bare=True)
    sitting = SittingFactory(term=people.term)
    browser = signed_in("officer")
    browser.post(url("step", opinion, "confier"))
    section = OpinionSection.objects.get(opinion=opinion)
    today = f"{timezone.localdate():%Y-%m-%d}"
    validate = reverse("opinions:section-validate", args=[section.pk])
    assert browser.post(validate, {"on": today, "mode": "vote", "votes_for": 4}).status_code == 422
    votes = {"votes_for": 4, "votes_against": 1, "abstentions": 0}
    seen = {"blanks_seen": "on"}
    browser.post(validate, {"on": today, "mode": "vote", **votes, **seen})
    browser.post(url("step", opinion, "reunir"), seen)
    row = Recommendation.objects.get(opinion=opinion)
    browser.post(url("recommendations", opinion), {"version": 2, f"theme-{row.pk}": "Logement"})
    browser.post(url("step", opinion, "deposer"), {"sitting": sitting.pk, "open_at": "", "close_at": "", **seen})
    opinion.refresh_from_db()
    section.refresh_from_db()
    row.refresh_from_db()
    assert (opinion.state, section.state, row.theme) == (S.AMENDING, SectionState.VALIDATED, "Logement")
    assert browser.get(url("step", opinion, "reunir")).status_code == 409
    assert browser.get(url("step", opinion, "rien")).status_code == 404


@pytest.mark.parametrize(("slug", "state"), [("retirer", S.DRAFTING), ("rendre-aux-groupes", S.CONSOLIDATED)])
def test_an_officer_on_a_step_of_the_lead_is_refused_and_told_nothing_of_somebody_faster(
    slug, state, people, signed_in
):
    opinion = OpinionFactory(term=people.term, state=state)
    for answer in (
        signed_in("officer").get(url("step", opinion, slug)),
        signed_in("officer").post(url("step", opinion, slug), {"reason": "Sans objet."}),
    ):
        assert answer.status_code == 403
        assert "a changé entre-temps" not in answer.text
    assert Opinion.objects.get(pk=opinion.pk).state == state


def test_two_officers_at_once_get_both(people, signed_in):
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    row = RecommendationFactory(opinion=opinion, numbered=True)
    first, second = signed_in("officer"), signed_in("lead")
    address, box = url("recommendations", opinion), f"theme-{row.pk}"
    assert first.post(address, {"version": 1, box: "Logement"}).status_code == 302
    answer = second.post(address, {"version": 1, box: "Habitat"})
    assert answer.status_code == 409
    assert "Logement" in answer.text
    assert 'value="Habitat"' in answer.text
    assert (
        second.post(address, {"version": answer.context["form"]["version"].value(), box: "Habitat"}).status_code == 302
    )
    assert Recommendation.objects.get(pk=row.pk).theme == "Habitat"
    assert second.post(address, {"version": "x", box: "Habitat"}).status_code == 422


def test_merging_shows_the_words_and_waits_for_the_newest_table(people, signed_in):
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    browser = signed_in("officer")
    browser.post(url("recommendations-read", opinion), {"version": 1})
    one, two = Recommendation.objects.filter(opinion=opinion).order_by("number")
    address = url("recommendation-merge", opinion, two.pk)
    assert "Ouvrir un guichet" in browser.get(address).text
    assert browser.post(address, {"target": one.pk, "version": 1}).status_code == 409
    assert browser.post(address, {"target": one.pk, "version": 2}).status_code == 302
    assert Recommendation.objects.get(pk=two.pk).merged_into == one
    assert browser.post(url("recommendations-read", opinion), {"version": 1}).status_code == 302
    assert browser.get(url("recommendation", opinion, two.pk)).status_code == 200


def test_parts_ranking_and_spokespersons_are_recorded(people, signed_in):
    browser = signed_in("officer")
    opinion = OpinionFactory(term=people.term, state=S.TABLED)
    rows = [RecommendationFactory(opinion=opinion, numbered=True) for _ in range(2)]
    browser.post(url("part-add", opinion), {"recommendation": rows[0].pk})
    part = PartVote.objects.get(opinion=opinion)
    assert browser.post(url("part-add", opinion), {}).status_code == 422
    browser.post(url("part-drop", opinion, part.pk))
    assert PartVote.objects.get().dropped_at
    counted = {
        "mode": "dots",
        "held_on": f"{timezone.localdate():%Y-%m-%d}",
        "voters": 10,
        "priorities": 1,
        "first_counter": "Amina",
        "second_counter": "Hugo",
        "version": 0,
        f"score-{rows[0].pk}": 12,
        f"score-{rows[1].pk}": 30,
    }
    browser.post(url("ranking", opinion), counted)
    assert Recommendation.objects.get(pk=rows[1].pk).is_priority
    assert browser.post(url("ranking", opinion), counted).status_code == 409
    assert browser.post(url("ranking", opinion), counted | {"version": 1, "voters": 1}).status_code == 422
    assert Ranking.objects.get().version == 1
    adopted = OpinionFactory(term=people.term, state=S.ADOPTED)
    person = MandateFactory(term=people.term).member.person
    drawn = {"drawn_on": f"{timezone.localdate():%Y-%m-%d}", "witnesses": "Mᵉ Pujol", "person-1": person.pk}
    assert browser.post(url("spokespersons", adopted), drawn | {"person-2": person.pk}).status_code == 422
    assert browser.post(url("spokespersons", adopted), drawn).status_code == 302
    assert person.full_name in browser.get(url("vote", adopted)).text


def test_a_step_says_no_in_words(people, signed_in):
    opinion = OpinionFactory(term=people.term, state=S.ADOPTED)
    browser = signed_in("officer")
    later = f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}"
    unsealed = browser.get(url("step", opinion, "remettre"))
    assert unsealed.status_code == 200
    assert "Faites d’abord sceller" in unsealed.text
    assert url("papers", opinion) in unsealed.text
    sealed(opinion)
    answer = browser.post(url("step", opinion, "remettre"), {"on": later, "place": "Toulouse", "to": "le président"})
    assert answer.status_code == 422
    assert "pas dans l’avenir" in answer.text
    assert browser.post(url("step", opinion, "remettre"), {"on": ""}).status_code == 422


def test_settings_are_the_leads(people, signed_in):
    values = {
        "amendment_days": 6,
        "cosigners_needed": 2,
        "check_days": 30,
        "ranking_dots": 3,
        "spokespersons": 4,
    }
    browser = signed_in("lead")
    assert browser.get(reverse("opinions:settings")).status_code == 200
    browser.post(reverse("opinions:settings"), values)
    assert OpinionSettings.objects.get(term=people.term).amendment_days == 6
    assert browser.post(reverse("opinions:settings"), values | {"ranking_dots": 0}).status_code == 422
    assert signed_in("officer").get(reverse("opinions:settings")).status_code == 403


def test_the_list_filters_and_exports(people, signed_in):
    OpinionFactory(term=people.term, title="Vieillir")
    OpinionFactory(term=people.term, title="Se déplacer", state=S.ADOPTED)
    OpinionFactory(term=TermFactory(another=True), title="Ailleurs")
    browser = signed_in("officer")

    def titles(query=""):
        return {row.title for row in browser.get(f"{LIST}?{query}").context["list"].page}

    assert titles() == {"Vieillir", "Se déplacer"}
    assert titles("state=adopted") == {"Se déplacer"}
    assert titles("q=vieil&state=nonsense") == {"Vieillir"}  # a filter that is not understood filters nothing, alone
    assert titles("q=rien") == set()
    OpinionFactory(term=people.term, title="Se loger", state=S.VOTED)
    along = [row.state for row in browser.get(f"{LIST}?tri=-etat").context["list"].page]
    assert along == [S.ADOPTED, S.VOTED, S.OUTLINE]
    sheet = browser.get(f"{LIST}export.csv?q=vieil").content.decode("utf-8-sig").splitlines()
    assert len([line for line in sheet if not line.startswith("# ")]) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_more_rows(rows, people, signed_in, django_assert_num_queries):
    for _ in range(rows):
        OpinionSectionFactory(opinion=OpinionFactory(term=people.term, state=S.DRAFTING))
    browser = signed_in("officer")
    with django_assert_num_queries(8):
        assert browser.get(LIST).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "state", "count"),
    [
        ("opinion", S.DRAFTING, 13),  # rows of registers that point at it
        ("outline", S.DRAFTING, 14),
        ("checks", S.SERVICES_CHECK, 14),
        ("recommendations", S.CONSOLIDATED, 14),
        ("vote", S.HANDED_OVER, 19),
        ("history", S.DRAFTING, 13),
    ],
)
def test_each_tab_costs_the_same_with_more_rows(
    rows, name, state, count, people, signed_in, django_assert_max_num_queries
):
    opinion = opinion_with_everything(people, state, rows)
    if state in S.tagged("before_vote"):
        PartVoteFactory(opinion=opinion)
    browser = signed_in("officer")
    with django_assert_max_num_queries(count) as counted:
        assert browser.get(url(name, opinion)).status_code == 200
    assert len(counted) > 5


@pytest.mark.parametrize("who", ["officer", "lead", "facilitator"])
def test_the_text_of_a_group_opens_in_the_editor_and_reads_without_a_script(who, people, signed_in):
    section = OpinionSectionFactory(opinion__term=people.term)
    page = signed_in(who).get(url("section-text", section.opinion, section.pk))
    assert "data-assembly-coedit" in page.text
    assert f"Un guichet {section.title}" in page.text


def test_the_one_text_opens_and_a_plan_has_none(people, signed_in):
    browser = signed_in("officer")
    opinion = OpinionFactory(term=people.term, state=S.CONSOLIDATED)
    assert "Un guichet" in browser.get(url("text", opinion)).text
    bare = OpinionSectionFactory(opinion=OpinionFactory(term=people.term), bare=True)
    assert browser.get(url("text", bare.opinion)).status_code == 404
    assert browser.get(url("section-text", bare.opinion, bare.pk)).status_code == 404


def test_hands_are_counted_from_the_page_of_the_vote(people, signed_in):
    opinion = in_sitting(people)
    desk = signed_in("officer")
    ballot = Ballot.objects.get(pk=opinion.ballot_id)
    count = reverse("sittings:ballot-count", args=[ballot.pk])
    assert count in desk.get(url("vote", opinion)).text
    assert count not in signed_in("facilitator").get(url("vote", opinion)).text
    counted = {"votes_for": 9, "votes_against": 3, "abstentions": 0, "no_opinion": 0}
    counters = {"first_counter": "Odile", "second_counter": "Wassim", "voted_at": f"{timezone.localtime():%H:%M}"}
    way = f"?retour={url('vote', opinion)}"
    assert count + way in desk.get(url("vote", opinion)).text
    assert desk.post(count + way, counted | counters).headers["Location"] == url("vote", opinion)
    page = desk.get(url("vote", opinion)).text
    proclaim = reverse("sittings:ballot-proclaim", args=[ballot.pk])
    assert proclaim + way in page
    assert "Proclamer le résultat" in page
    assert desk.post(proclaim + way).headers["Location"] == url("vote", opinion)
    assert "Proclamer le résultat" not in desk.get(url("vote", opinion)).text


def test_after_the_vote_on_an_amendment_one_is_back_in_the_order_of_call(people, signed_in):
    opinion = in_sitting(people)
    one = AmendmentFactory(opinion=opinion, state=AmendmentState.ADMISSIBLE)
    desk, order = signed_in("officer"), f"{url('amendments', opinion)}?state=admissible"
    way = f"?{urlencode({'retour': order}, safe='/')}"
    page = reverse("opinions:amendment", args=[one.pk])
    call, vote, agree = (
        reverse("opinions:amendment-step", args=[one.pk, slug]) for slug in ("appeler", "voter", "sans-opposition")
    )
    assert f'{page}{way}"' in desk.get(order).text
    assert f'{call}{way}"' in desk.get(page + way).text
    assert f'action="{call}{way}"' in desk.get(call + way).text
    assert desk.post(call + way).headers["Location"] == page + way
    assert f'{vote}{way}"' in desk.get(page + way).text
    assert desk.post(agree + way).headers["Location"] == order


def test_a_vote_on_an_amendment_never_leads_to_another_site(people, signed_in):
    one = AmendmentFactory(opinion=in_sitting(people), state=AmendmentState.DEBATED)
    agree = reverse("opinions:amendment-step", args=[one.pk, "sans-opposition"])
    landed = signed_in("officer").post(f"{agree}?retour=https://ailleurs.example/").headers["Location"]
    assert landed == reverse("opinions:amendment", args=[one.pk])


@pytest.mark.parametrize("way", ["", "https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_a_count_never_leads_to_another_site(way, people, signed_in):
    ballot = Ballot.objects.get(pk=in_sitting(people).ballot_id)
    decisions.count_ballot(ballot, Count(9, 3), by=people["officer"], first_counter="Odile", second_counter="Wassim")
    proclaim = reverse("sittings:ballot-proclaim", args=[ballot.pk])
    landed = signed_in("officer").post(f"{proclaim}?{urlencode({'retour': way})}").headers["Location"]
    assert landed == reverse("sittings:minutes", args=[ballot.agenda_item.sitting_id])


def test_the_pages_of_an_amendment_belong_to_the_line_of_opinions(people, signed_in):
    amendment = AmendmentFactory(opinion=amending(people))
    address = reverse("opinions:amendment", args=[amendment.pk])
    assert signed_in("officer").get(address).status_code == 200
    shown = menu_for(people["officer"], "desk", address)
    assert [str(line.label) for group in shown for line in group.items if line.current] == ["Avis"]
