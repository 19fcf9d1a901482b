"""The bureau's board of answers, the page of one case, its steps, what waits for the team."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answers.cases.actions import cases, deciding
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from assembly.institution.menu import menu_for
from assembly.institution.todo import todo_for
from assembly.notifications.models import Distribution
from tests.answers.stage import answered_by, fresh
from tests.factories.answers import AnswerCaseFactory, said
from tests.factories.documents import UploadFactory
from tests.factories.institution import AssemblyFactory, DirectorateFactory, TermFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, RecommendationFactory
from tests.files import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
S, V = AnswerCaseState, AnswerValue
BOARD = "/bureau/reponses/"
CHOSEN = f"{BOARD}choisies/"


def step(case, slug):
    return reverse("answers:desk-step", args=[case.pk, slug])


def page_of(case):
    return reverse("answers:desk-case", args=[case.pk])


def opinion_with(people, count, **facts):
    opinion = OpinionFactory(term=people.term, state="published")
    return [
        AnswerCaseFactory(recommendation__opinion=opinion, recommendation__number=n + 1, **facts) for n in range(count)
    ]


def elsewhere(people):
    """Make a case of another assembly."""
    term = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    return AnswerCaseFactory(recommendation__opinion__term=term)


def test_states_are_sorted_as_they_follow_each_other_over_the_pages(people, signed_in):
    made = {state: answered_by(people, state).pk for state in reversed(S)}
    along, browser = [made[state] for state in S], signed_in("officer")

    def shown(order, **where):
        return [case.pk for case in browser.get(BOARD, {"tri": order, **where}).context["list"].page]

    assert (shown("etat"), shown("-etat")) == (along, along[::-1])
    assert shown("etat", apres=made[S.VALIDATED]) == along[4:]
    lines = browser.get(f"{BOARD}export.csv", {"tri": "etat"}).content.decode("utf-8-sig").splitlines()[1:]
    assert [line for line in lines if "décidée" in line] == [lines[5]]


@pytest.mark.parametrize("state", AnswerCaseState)
def test_the_page_of_a_file_opens_in_every_state_with_all_its_steps(state, people, signed_in):
    case = answered_by(people, state)
    for who in ("lead", "officer"):
        browser = signed_in(who)
        page = browser.get(page_of(case))
        assert page.status_code == 200, who
        frame = page.context["frame"]
        assert frame.status.sentence
        for tab in frame.tabs:
            assert browser.get(tab.url).status_code == 200, (who, tab.label)
        for address in [*(link.url for link in frame.links), *filter(None, [frame.status.url])]:
            assert browser.get(address).status_code == 200, (who, address)


def test_the_board_is_narrowed_sorted_and_taken_away(people, signed_in):
    today = timezone.localdate()
    opinion = OpinionFactory(term=people.term, state="published")
    section = OpinionSectionFactory(opinion=opinion)
    row = RecommendationFactory(
        opinion=opinion, numbered=True, theme="Logement", section=section, title="Un bus le soir"
    )
    late = answered_by(people, S.ASSIGNED, recommendation=row, opened_on=today - timedelta(days=200))
    AnswerCase.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=3))
    helping = DirectorateFactory(assembly=people.assembly)
    other = answered_by(people, S.VALIDATED, associated=[helping])
    whole = AnswerCaseFactory(whole=True, whole_of__term=people.term)
    elsewhere(people)
    browser = signed_in("officer")

    def shown(**filters):
        return {case.pk for case in browser.get(BOARD, filters).context["list"].page}

    assert shown() == {late.pk, other.pk, whole.pk}
    assert [case.pk for case in browser.get(BOARD).context["list"].page][0] == late.pk
    assert shown(etat="validated") == {other.pk}
    assert shown(delai="retard") == {late.pk}
    assert shown(delai="7") == set()
    assert shown(direction=helping.pk) == {other.pk}
    assert shown(direction=people.directorate.pk) == {late.pk, other.pk}
    assert shown(avis=opinion.pk) == shown(partie="t-Logement") == shown(partie=f"p-{section.pk}") == {late.pk}
    assert shown(q="bus le soir") == {late.pk}
    assert shown(q="bus le soir", etat="validated") == set()
    assert shown(q=whole.reference) == {whole.pk}
    assert shown(etat="rien", delai="99", partie="t-", tri="x") == {late.pk, other.pk, whole.pk}
    for order in ("titre", "-titre", "direction", "-direction", "etat", "-date"):
        assert browser.get(BOARD, {"tri": order, "apres": other.pk}).status_code == 200
    text = browser.get(BOARD).text
    assert "0 réponse donnée sur 3, 1 en retard." in text
    assert "3\u00a0jours de retard" in text
    case = browser.get(f"{BOARD}export.csv", {"delai": "retard"}).content.decode("utf-8-sig").splitlines()
    assert len([line for line in case if not line.startswith("#")]) == 2
    assert case[1].startswith(row.reference)
    assert "Aucune réponse ne correspond" in browser.get(BOARD, {"q": "zzz"}).text


def test_an_empty_board_says_where_answers_come_from(people, signed_in):
    text = signed_in("lead").get(BOARD).text
    assert "quand un avis est remis" in text
    assert 'name="etat"' not in text


@pytest.mark.parametrize("address", [BOARD, f"{BOARD}export.csv"])
def test_as_many_statements_with_ten_files_or_a_thousand(address, people, signed_in):
    browser, counts = signed_in("officer"), []
    made = opinion_with(people, 10, state=S.ASSIGNED)
    for _ in range(2):
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as met:
            assert browser.get(address).status_code == 200
        counts.append(sum(query["sql"].count("SELECT") for query in met))
        many = RecommendationFactory.build_batch(990, opinion=made[0].opinion, numbered=True)
        type(many[0]).objects.bulk_create(many)
        day, lead = timezone.localdate(), made[0].directorate
        facts = {"opened_on": day, "due_on": day, "state": S.ASSIGNED, "assigned_at": timezone.now()}
        AnswerCase.objects.bulk_create(
            AnswerCase(recommendation=row, directorate=lead, assigned_by=people["officer"], **facts) for row in many
        )
    assert counts[0] == counts[1], counts


def test_several_are_given_to_one_directorate_with_their_day(people, signed_in):
    found = opinion_with(people, 3)
    assert people["dir_contact"]
    other = elsewhere(people)
    browser, day = signed_in("officer"), timezone.localdate() + timedelta(days=90)
    keys = [case.pk for case in found]
    question = browser.get(CHOSEN, {"ligne": keys, "acte": "confier"})
    assert "3 réponses choisies" in question.text
    data = {"ligne": keys, "acte": "confier", "due_on": day.isoformat()}
    assert browser.post(CHOSEN, data).status_code == 422
    answer = browser.post(CHOSEN, data | {"directorate": people.directorate.pk})
    assert answer.url == BOARD
    assert list(Distribution.objects.values_list("kind", "title")) == [
        ("answer-assigned", f"Réponse à écrire, {found[0].opinion.reference}, 3 réponses")
    ]
    rows = AnswerCase.objects.filter(pk__in=keys)
    assert set(rows.values_list("state", "directorate", "due_on")) == {(S.ASSIGNED, people.directorate.pk, day)}
    assert browser.post(CHOSEN, data | {"directorate": people.directorate.pk}).status_code == 409
    assert browser.get(CHOSEN, {"ligne": [other.pk], "acte": "confier"}).status_code == 404
    browser.post(CHOSEN, {"ligne": keys, "acte": "relancer"})
    assert rows.filter(reminded_at=None).count() == 0
    told = Distribution.objects.filter(kind="answer-reminded").values_list("title", flat=True)
    assert list(told) == [f"Rappel, une réponse est attendue, {found[0].opinion.reference}, 3 réponses"]
    again = browser.get(CHOSEN, {"ligne": keys, "acte": "relancer"})
    assert again.text.count("a déjà été relancée aujourd’hui") == 3
    assert browser.post(CHOSEN, {"ligne": keys, "acte": "publier"}).status_code == 403


def test_several_are_decided_by_the_council_and_published_together(people, signed_in):
    found = [answered_by(people, S.VALIDATED) for _ in range(2)]
    waiting = answered_by(people, S.ASSIGNED)
    keys = [case.pk for case in found]
    browser = signed_in("lead")
    told = {"on": timezone.localdate().isoformat(), "reference": "CD-2026-114"}
    browser.post(CHOSEN, {"ligne": keys, "acte": "deliberation", **told})
    assert set(AnswerCase.objects.filter(pk__in=keys).values_list("state", flat=True)) == {S.DECIDED}
    answer = browser.post(CHOSEN, {"ligne": [*keys, waiting.pk], "acte": "publier"}, follow=True)
    assert "2 réponses sont publiées." in answer.text
    assert f"Rien n’a changé pour\u00a0: {waiting.reference}" in answer.text
    assert Answer.objects.standing().count() == 2


def test_one_file_from_the_assignment_to_the_publication_and_a_revision_given_up(people, signed_in):
    case = answered_by(people, S.AWAITING)
    team, lead = signed_in("officer"), signed_in("lead")
    day = timezone.localdate() + timedelta(days=30)
    given = {"directorate": people.directorate.pk, "due_on": day.isoformat()}
    team.post(step(case, "confier"), given)
    assert (fresh(case).state, fresh(case).due_on) == (S.ASSIGNED, day)
    other = DirectorateFactory(assembly=people.assembly)
    assert team.post(step(case, "reconfier"), {"directorate": other.pk}).status_code == 422
    team.post(
        step(case, "reconfier"),
        {"directorate": people.directorate.pk, "associated": [other.pk], "reason": "Ensemble."},
    )
    assert list(fresh(case).associated.all()) == [other]
    team.post(step(case, "date"), {"due_on": day.isoformat(), "reason": "Le budget."})
    assert fresh(case).due_reason == "Le budget."
    Answer.objects.filter(case=case).update(**said())
    AnswerCase.objects.filter(pk=case.pk).update(
        state=S.VALIDATED,
        submitted_at=timezone.now(),
        submitted_by=people["dir_contact"],
        validated_at=timezone.now(),
        validated_by=people["dir_approver"],
    )
    Answer.objects.filter(case=case).update(is_sent=True)
    team.post(step(case, "demander-arbitrage"), {"reason": "Est-ce tenable ?"})
    late = {"on": (timezone.localdate() + timedelta(days=1)).isoformat(), "ruling": "Oui."}
    refused = team.post(step(case, "arbitrage-copil"), late)
    assert (refused.status_code, "entre la remise et aujourd’hui" in refused.text) == (422, True)
    team.post(step(case, "arbitrage-copil"), late | {"on": timezone.localdate().isoformat()})
    assert fresh(case).arbitration == "Oui."
    told = {"on": timezone.localdate().isoformat(), "reference": "CD-2026-1", "url": "https://example.org/1"}
    assert team.post(step(case, "deliberation"), told).status_code == 403
    lead.post(step(case, "deliberation"), told)
    page = lead.get(page_of(case))
    assert page.context["frame"].status.url == step(case, "publier")
    assert "https://example.org/1" in page.text
    lead.post(step(case, "publier"))
    assert fresh(case).state == S.PUBLISHED
    lead.post(step(case, "reviser"), {"directorate": people.directorate.pk, "reason": "Une suite."})
    text = lead.get(page_of(case)).text
    assert "Version 1, publiée le" in text
    lead.post(step(case, "abandonner-revision"), {"reason": "Une erreur."})
    assert fresh(case).state == S.PUBLISHED
    assert "Version 1" not in lead.get(page_of(case)).text


def test_an_answer_of_the_past_is_recorded_with_its_document(people, signed_in):
    today = timezone.localdate()
    case = answered_by(people, S.AWAITING, opened_on=today - timedelta(days=400))
    browser, url = signed_in("lead"), step(case, "reponse-passee")
    assert browser.get(url).status_code == 200
    data = said(V.REJECTED) | {"on": (today - timedelta(days=99)).isoformat()}

    def paper():
        return SimpleUploadedFile("reponse.pdf", pdf("Non, car le budget ne le permet pas."))

    assert browser.post(url, data).status_code == 422
    short = browser.post(url, data | {"body": "Non.", "file": paper()})
    assert (short.status_code, "en une vraie phrase" in short.text) == (422, True)
    browser.post(url, data | {"file": paper()})
    answer = Answer.objects.standing().get()
    assert (fresh(case).answered_on, answer.category) == (today - timedelta(days=99), said(V.REJECTED)["category"])
    address = reverse("documents:upload", args=[answer.document.public_id])
    assert address in browser.get(page_of(case)).text
    assert browser.get(address).status_code == 200
    begun = answered_by(people, S.ASSIGNED)
    Answer.objects.filter(case=begun).update(saved_at=timezone.now(), saved_by=people["dir_contact"])
    links = {link.url for link in browser.get(page_of(begun)).context["frame"].links}
    assert step(begun, "reponse-passee") not in links


def test_the_document_of_the_past_is_public_with_its_answer(people, client, signed_in):
    case, paper = answered_by(people, S.AWAITING), UploadFactory()
    address = reverse("documents:upload", args=[paper.public_id])
    assert client.get(address).status_code == 404
    deciding.record_past(case, said(), on=timezone.localdate(), document=paper, by=people["lead"])
    assert client.get(address).status_code == 200


def test_what_waits_for_the_team_is_one_line_an_opinion(people, signed_in):
    opinion_with(people, 3)
    today = timezone.localdate()
    late = answered_by(people, S.ASSIGNED)
    AnswerCase.objects.filter(pk=late.pk).update(opened_on=today - timedelta(days=9), due_on=today - timedelta(days=1))
    decided = answered_by(people, S.DECIDED)

    def told(who):
        return [str(line.title) for line in todo_for(people[who], "desk", people.term).lines if BOARD in line.url]

    assert told("officer") == ["1 réponse en retard", "Confier 3 réponses à des directions"]
    assert "Publier 1 réponse décidée" in told("lead")
    browser = signed_in("lead")
    for line in todo_for(people["lead"], "desk", people.term).lines:
        assert browser.get(line.url).status_code == 200
    cases.cancel(fresh(late), reason="Un doublon.", by=people["lead"])
    assert told("officer") == ["Confier 3 réponses à des directions"]
    assert fresh(decided).state == S.DECIDED


@pytest.mark.parametrize(("who", "is_shown"), [("lead", True), ("officer", True), ("facilitator", False)])
def test_the_menu_has_the_board_for_the_team(who, is_shown, people):
    lines = [line.url for group in menu_for(people[who], "desk", BOARD) for line in group.items]
    assert (BOARD in lines) == is_shown
