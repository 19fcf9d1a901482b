"""The room of those who write and decide: the grid, both texts, the visa, the arbitration, the decision, the list."""

import pytest
from django.urls import reverse

from answers.cases.actions import cases, deciding, writing
from answers.models import Answer, AnswerCaseState, AnswerConflictCopy, AnswerValue
from assembly.collab.document import recommendations
from opinions.amending.passages import Text
from opinions.models import AmendmentState
from tests.answers.stage import answered_by, fresh
from tests.consultations.desk import agent
from tests.factories.amendments import AmendmentFactory
from tests.factories.answers import said
from tests.factories.consultations import DelegationFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionVersionFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
LIST = "/instructions/reponses/"


def url(case):
    return reverse("answers:directorate-case", args=[case.pk])


def step(case, slug):
    return reverse("answers:directorate-step", args=[case.pk, slug])


def words_of(page):
    return page.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def typed(case, **words):
    """Return the data of the plain form: every field with its hidden initial value."""
    answer = case.answers.order_by("-number").first()
    fields = {name: getattr(answer, name) or "" for name in said()} if answer else {}
    return {**fields, "version": answer.version if answer else 0, **words}


def test_a_file_waits_among_the_reviews_and_leads_to_its_grid(signed_in, people):
    case = answered_by(people)
    browser = signed_in("dir_contact")
    home = words_of(browser.get("/instructions/"))
    assert f"Répondre : {case.title}" in home
    assert f'href="{url(case)}"' in home
    page = words_of(browser.get(url(case)))
    for field in ("value", "body", "retained", "left_out", "done_since", "proof", "review_on", "letter", "category"):
        assert f'name="{field}"' in page, field
        assert f'name="initial-{field}"' in page, field
    assert "data-assembly-autosave" in page


def test_the_plain_form_saves_and_leads_to_the_sending(signed_in, people):
    case = answered_by(people)
    browser = signed_in("dir_contact")
    sent = browser.post(url(case), typed(case, **said(V.UNDER_STUDY), then="send"))
    assert (sent.status_code, sent.url) == (302, step(case, "envoyer"))
    answer = case.answers.get()
    assert (answer.value, answer.review_on, answer.version) == (V.UNDER_STUDY, said(V.UNDER_STUDY)["review_on"], 1)
    assert "Envoyer cette réponse au visa ?" in words_of(browser.get(sent.url))
    browser.post(sent.url, {"version": 1})
    assert fresh(case).state == S.SUBMITTED


def test_what_lacks_is_told_with_the_way_to_its_field(signed_in, people):
    case = answered_by(people)
    browser = signed_in("dir_contact")
    browser.post(url(case), typed(case, value=V.REJECTED, body="Non."))
    page = words_of(browser.get(step(case, "envoyer")))
    assert "Ce n’est pas encore possible" in page
    assert f'{url(case)}#div_id_category"' in page
    assert browser.post(step(case, "envoyer"), {"version": 1}).status_code == 422
    assert fresh(case).state == S.ASSIGNED


def test_a_wrong_word_keeps_what_was_typed(signed_in, people):
    case = answered_by(people)
    page = signed_in("dir_contact").post(url(case), typed(case, body="Mes mots.", proof_url="pas une adresse"))
    assert page.status_code == 422
    assert "Mes mots." in words_of(page)


def test_a_late_save_shows_both_texts_and_keeps_the_second_aside(signed_in, people):
    case = answered_by(people)
    browser = signed_in("dir_contact")
    late = typed(case, **{"body": "Mes mots.", "initial-body": case.answers.get().body})
    writing.save(fresh(case), {"body": "Les mots de la directrice."}, version=0, by=people["dir_approver"])
    page = browser.post(url(case), late)
    assert page.status_code == 409
    for words in ("Les mots de la directrice.", "Mes mots.", people["dir_approver"].get_full_name()):
        assert words in words_of(page)
    assert AnswerConflictCopy.objects.get().content["body"] == "Mes mots."
    assert "Un texte de vous, gardé à part" in words_of(browser.get(url(case)))
    assert case.answers.get().body == "Les mots de la directrice."


def test_two_who_write_in_two_fields_meet_no_conflict(signed_in, people):
    case = answered_by(people)
    read = {f"initial-{name}": words for name, words in typed(case).items() if name != "version"}
    writing.save(fresh(case), {"service": "Service des routes"}, version=0, by=people["dir_approver"])
    mine = typed(case, body="Mes mots.", version=0, service="") | read | {"initial-service": ""}
    assert signed_in("dir_contact").post(url(case), mine).status_code == 302
    answer = case.answers.get()
    assert (answer.body, answer.service) == ("Mes mots.", "Service des routes")


def test_words_that_come_after_the_sending_are_set_aside(signed_in, people):
    case = answered_by(people)
    late = typed(case, body="Un mot de plus.")
    writing.submit(fresh(case), version=0, by=people["dir_contact"])
    page = signed_in("dir_contact").post(url(case), late, follow=True)
    assert "gardés à part" in words_of(page)
    assert AnswerConflictCopy.objects.get().content["body"] == "Un mot de plus."


def test_typing_is_answered_in_json_with_both_texts(signed_in, people):
    case = answered_by(people)
    browser = signed_in("dir_contact")
    done = browser.post(url(case), typed(case, body="Un."), headers={"accept": "application/json"})
    assert (done.status_code, done.json()["version"]) == (200, 1)
    writing.save(fresh(case), {"body": "Deux."}, version=1, by=people["dir_approver"])
    late = browser.post(url(case), typed(case, body="Trois.", version=1), headers={"accept": "application/json"})
    assert (late.status_code, late.json()["theirs"]["body"]) == (409, "Deux.")
    assert "Trois." in late.json()["panel"]


def test_an_associated_directorate_writes_and_does_not_send(signed_in, people):
    helping = DirectorateFactory(assembly=people.assembly)
    case = answered_by(people, associated=[helping])
    browser = signed_in(agent(helping))
    assert "Relire avant d’envoyer" not in words_of(browser.get(url(case)))
    assert browser.post(url(case), typed(case, body="Notre part.")).status_code == 302
    assert case.answers.get().body == "Notre part."
    assert browser.post(step(case, "envoyer"), {"version": 1}).status_code == 403


def test_the_visa_is_on_what_was_read(signed_in, people):
    case = answered_by(people, S.SUBMITTED)
    Answer.objects.filter(case=case).update(version=3)
    browser = signed_in("dir_approver")
    assert f"À viser, réponse : {case.title}" in words_of(browser.get("/instructions/"))
    assert 'name="version" value="3"' in words_of(browser.get(step(case, "viser")))
    old = browser.post(step(case, "viser"), {"version": 2})
    assert old.status_code == 409
    assert 'name="version" value="3"' in words_of(old)
    assert browser.post(step(case, "viser"), {"version": 3}).status_code == 302
    assert fresh(case).validated_by == people["dir_approver"]


def test_a_delegate_has_it_to_do(signed_in, people):
    case = answered_by(people, S.SUBMITTED)
    assert "À viser" not in words_of(signed_in("dir_contact").get("/instructions/"))
    DelegationFactory(directorate=people.directorate, giver=people["dir_approver"], holder=people["dir_contact"])
    assert "À viser" in words_of(signed_in("dir_contact").get("/instructions/"))
    signed_in("dir_contact").post(step(case, "viser"), {"version": 0})
    assert fresh(case).validated_for == people["dir_approver"]


def test_it_comes_back_with_the_reason_in_sight(signed_in, people):
    case = answered_by(people, S.SUBMITTED)
    assert signed_in("dir_approver").post(step(case, "a-reprendre"), {"reason": "Chiffrez."}).status_code == 302
    page = words_of(signed_in("dir_contact").get(url(case)))
    assert "À reprendre" in page
    assert "Chiffrez." in page


def test_a_directorate_newly_in_charge_reads_why_not_that_it_must_begin_again(signed_in, people):
    case = answered_by(people, S.SUBMITTED)
    other = DirectorateFactory(assembly=people.term.assembly)
    newly = agent(other)
    cases.reassign(case, other, reason="C’est votre compétence.", by=people["officer"])
    for browser, page in (
        (signed_in(newly), url(case)),
        (signed_in("officer"), reverse("answers:desk-case", args=[case.pk])),
    ):
        text = words_of(browser.get(page))
        assert "Pourquoi elle est confiée à d’autres directions" in text
        assert "C’est votre compétence." in text
        assert "À reprendre" not in text
    published = answered_by(people, S.PUBLISHED)
    deciding.revise(published, reason="La loi a changé.", by=people["lead"])
    text = words_of(signed_in("dir_contact").get(url(published)))
    assert "Pourquoi elle est révisée" in text
    assert "À reprendre" not in text


def test_the_sponsor_arbitrates_side_by_side(signed_in, people):
    case = answered_by(people, S.ARBITRATION)
    other = answered_by(people, S.VALIDATED)
    sponsor = signed_in("sponsor")
    assert f"À arbitrer : {case.title}" in words_of(sponsor.get("/instructions/"))
    page = words_of(sponsor.get(LIST))
    for words in (case.question, case.title, said()["body"], "Renvoyer à la direction"):
        assert words in page, words
    assert other.title not in page
    assert other.title in words_of(sponsor.get(LIST, {"etat": "tout"}))
    assert sponsor.post(step(case, "arbitrer"), {"reason": ""}).status_code == 422
    assert sponsor.post(step(case, "arbitrer"), {"reason": "Oui, dès 2028."}).status_code == 302
    assert (fresh(case).state, fresh(case).arbitration) == (S.VALIDATED, "Oui, dès 2028.")
    back = answered_by(people, S.ARBITRATION)
    sponsor.post(step(back, "renvoyer"), {"reason": "Revoyez le coût."})
    assert (fresh(back).state, fresh(back).reason) == (S.ASSIGNED, "Revoyez le coût.")


def test_filters_live_in_the_address(signed_in, people):
    kept = answered_by(people, S.ARBITRATION, value=V.REJECTED)
    left = answered_by(people, S.ARBITRATION, value=V.ACCEPTED)
    sponsor = signed_in("sponsor")
    for query in (
        {"valeur": V.REJECTED},
        {"avis": kept.opinion.pk},
        {"etat": S.ARBITRATION, "avis": kept.opinion.pk, "direction": people.directorate.pk},
    ):
        page = words_of(sponsor.get(LIST, query))
        assert (kept.title in page, left.title in page) == (True, False), query
    assert "Aucune réponse ici" in words_of(sponsor.get(LIST, {"etat": S.PUBLISHED}))


def test_the_president_decides_several_as_they_were_read(signed_in, people):
    rows = [answered_by(people, S.VALIDATED) for _n in range(3)]
    office = signed_in("president")
    keys = [case.pk for case in rows[:2]]
    assert "Décider les réponses cochées" in words_of(office.get(LIST))
    asked = words_of(office.get(f"{LIST}decider/", {"ligne": keys}))
    assert "Décider ces 2 réponses ?" in asked
    sent = {"ligne": keys} | {f"version-{key}": 0 for key in keys}
    Answer.objects.filter(case=rows[1]).update(version=5)
    late = office.post(f"{LIST}decider/", sent)
    assert late.status_code == 409
    assert "relisez" in words_of(late)
    assert [fresh(case).state for case in rows] == [S.VALIDATED] * 3
    assert office.post(f"{LIST}decider/", sent | {f"version-{keys[1]}": 5}).status_code == 302
    assert [fresh(case).state for case in rows] == [S.DECIDED, S.DECIDED, S.VALIDATED]
    assert office.post(f"{LIST}decider/", sent).status_code == 409
    assert office.post(f"{LIST}decider/", {"ligne": [987654321]}).status_code == 404
    assert office.get(f"{LIST}decider/").status_code == 302
    assert signed_in("sponsor").get(f"{LIST}decider/", {"ligne": keys[0]}).status_code == 403


def test_a_revision_shows_the_former_answer(signed_in, people):
    case = answered_by(people, S.PUBLISHED)
    deciding.revise(fresh(case), reason="Le budget a changé.", directorate=people.directorate, by=people["lead"])
    page = words_of(signed_in("dir_contact").get(url(case)))
    assert "Version 1, publiée" in page
    assert "Le budget a changé." in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_file_as_for_three(signed_in, people, django_assert_max_num_queries, rows):
    for _n in range(rows):
        answered_by(people, S.ARBITRATION)
    browser = signed_in("sponsor")
    browser.get(LIST)
    with django_assert_max_num_queries(12):
        browser.get(LIST)


def test_an_answer_to_a_whole_opinion_has_its_page(signed_in, people):
    case = answered_by(people, S.ASSIGNED)
    whole = answered_by(people, S.AWAITING, recommendation=None, whole_of=case.opinion)
    cases.assign(whole, people.directorate, by=people["officer"])
    assert "La réponse porte sur l’avis entier." in words_of(signed_in("dir_contact").get(url(whole)))


def test_the_amendments_to_the_recommendation_stand_with_their_fate_and_no_name(signed_in, people):
    case = answered_by(people)
    version = OpinionVersionFactory(opinion=case.opinion)
    first, other = (found.node_id for found in recommendations.read_all(version.tree))
    case.recommendation.node_id = first
    case.recommendation.save()
    places = {alinea.recommendation_id: number for number, alinea in Text(version.tree).alineas.items()}
    made = [
        AmendmentFactory(opinion=case.opinion, state=AmendmentState.REJECTED, deletion=True, alinea_from=places[node])
        for node in (first, other)
    ]
    page = words_of(signed_in("dir_contact").get(url(case)))
    assert f"Amendement n° {made[0].number}" in page
    assert f"Amendement n° {made[1].number}" not in page
    assert made[0].author.full_name not in page
    assert "Vote sur l’ensemble de l’avis." in page


def test_others_see_nothing(signed_in, people):
    case = answered_by(people)
    assert signed_in(agent(DirectorateFactory(assembly=people.assembly))).get(url(case)).status_code == 404
    assert signed_in("member").get(url(case)).status_code == 403
