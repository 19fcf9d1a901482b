"""The pages: what each person finds, what a form keeps, how many questions to the database a list asks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.web import pagination
from opinions.amending.changes import Operation
from opinions.amendments.queries import base_version
from opinions.models import Amendment, AmendmentState, OpinionState, ViewStance
from opinions.versions.queries import last_version
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import OpinionFactory
from tests.opinions.amendments.debated_opinion import ROOM, amending, fresh, in_sitting, sits

pytestmark = pytest.mark.django_db
A = AmendmentState
FORM = {
    "alinea_from": "2",
    "alinea_to": "",
    "operation": Operation.REPLACE,
    "quote": "vivent seuls",
    "typed": "sont isolés",
    "reason": "Le mot est plus juste.",
}


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def test_a_member_picks_a_passage_writes_reads_again_and_submits(people, signed_in):
    opinion = amending(people)
    browser = signed_in("member")
    assert "Proposer un amendement" in browser.get(url("my-amendments", opinion.pk)).text
    page = browser.get(url("my-amend-text", opinion.pk)).text
    assert f"{url('amendment-new', opinion.pk)}?de=2" in page
    assert "Des habitants vivent seuls." in browser.get(f"{url('amendment-new', opinion.pk)}?de=2").text
    sent = browser.post(url("amendment-new", opinion.pk), FORM)
    draft = Amendment.objects.get()
    assert sent.url == url("amendment-check", draft.pk)
    page = browser.get(sent.url).text
    assert "À l’alinéa 2, remplacer" in page.replace("\u00a0", " ")
    assert browser.post(sent.url).url == url("my-amendment", draft.pk)
    assert (fresh(draft).state, fresh(draft).number) == (A.SUBMITTED, 1)
    assert "Amendement n° 1" in browser.get(url("my-amendment", draft.pk)).text.replace("\u00a0", " ")


def test_words_that_came_too_late_fill_the_form_and_nothing_is_kept_before_it_is_sent(people, signed_in):
    opinion = amending(people)
    browser, address = signed_in("member"), url("amendment-new", opinion.pk)
    page = browser.post(address, {"late_text": "Des habitants vivent seuls, surtout <i>l’hiver</i>."})
    form = page.context["form"]
    assert (form["alinea_from"].value(), form["operation"].value()) == ("2", Operation.REPLACE)
    assert "surtout &lt;i&gt;l’hiver&lt;/i&gt;." in page.text
    assert "Vos mots sont dans" in page.text
    page = browser.post(address, {"late_text": "Un premier oubli.\n\nUn autre."})
    form = page.context["form"]
    assert (page.status_code, form.errors) == (200, {})
    assert (form["alinea_from"].value(), form["typed"].value()) == (None, "Un premier oubli.\n\nUn autre.")
    assert "Voir le texte et ses alinéas" in page.text
    assert "Choisir un autre passage" not in page.text  # a link would leave the words behind
    assert "Voir le texte et ses alinéas" in browser.post(address, FORM | {"alinea_from": ""}).text
    assert not Amendment.objects.exists()
    sent = browser.post(address, FORM | {"quote": "", "typed": form["typed"].value()})
    assert sent.url == url("amendment-check", Amendment.objects.get().pk)


def test_words_in_the_address_are_not_read(people, signed_in):
    opinion = amending(people)
    page = signed_in("member").get(f"{url('amendment-new', opinion.pk)}?texte=Secret")
    assert "Secret" not in page.text


def test_a_draft_is_kept_even_when_its_words_are_not_in_the_text(people, signed_in):
    opinion = amending(people)
    browser = signed_in("member")
    browser.post(url("amendment-new", opinion.pk), FORM | {"quote": "absents", "keep": "1"})
    draft = Amendment.objects.get()
    page = browser.get(url("amendment-check", draft.pk)).text
    assert "ne sont pas dans l’alinéa" in page
    assert browser.post(url("amendment-check", draft.pk)).status_code == 422
    form = browser.get(url("amendment-edit", draft.pk)).text
    assert "absents" in form
    sent = browser.post(url("amendment-edit", draft.pk), FORM | {"version": "1"})
    assert sent.status_code == 302
    stale = browser.post(url("amendment-edit", draft.pk), FORM | {"version": "1", "typed": "mes mots"})
    assert (stale.status_code, "mes mots" in stale.text, "Reprendre l’autre texte" in stale.text) == (409, True, True)
    again = FORM | {"version": stale.context["form"]["version"].value(), "typed": "mes mots"}
    assert browser.post(url("amendment-edit", draft.pk), again).status_code == 302


def test_a_group_is_offered_to_those_who_sit_in_it_whoever_left_it(people, signed_in):
    opinion, yesterday = amending(people), timezone.localdate() - timedelta(days=1)
    group = CommitteeFactory(term=people.term, name="Groupe des mobilités")
    seat = CommitteeMembershipFactory(committee=group, person=people["member"].person)
    CommitteeMembershipFactory(committee=group, ends_on=yesterday)
    browser = signed_in("member")
    assert "Groupe des mobilités" in browser.get(url("amendment-new", opinion.pk)).text
    browser.post(url("amendment-new", opinion.pk), FORM | {"committee": group.pk, "keep": "1"})
    draft = Amendment.objects.get()
    assert draft.committee == group
    type(seat).objects.filter(pk=seat.pk).update(ends_on=yesterday)
    where = url("amendment-edit", draft.pk)
    assert browser.get(where).context["form"]["committee"].value() == group.pk
    assert "Groupe des mobilités" in browser.get(where).text
    refused = browser.post(where, FORM | {"committee": group.pk, "version": "1"})
    assert (refused.status_code, "Choisissez un groupe dont" in refused.text) == (422, True)
    assert browser.post(where, FORM | {"committee": "", "version": "1"}).status_code == 302
    assert fresh(draft).committee is None


@pytest.mark.parametrize(
    "broken",
    [
        {"alinea_from": ""},
        {"alinea_from": "0"},
        {"alinea_from": "x" * 40},
        {"alinea_from": "99999999999999"},
        {"operation": "destroy"},
        {"reason": ""},
        {"quote": "a" * 700},
        {"alinea_from": "5", "alinea_to": "2", "quote": ""},
        {"parent": "999999"},
    ],
)
def test_hostile_or_broken_forms_are_refused_with_sentences(broken, people, signed_in):
    opinion = amending(people)
    answer = signed_in("member").post(url("amendment-new", opinion.pk), FORM | broken)
    assert (answer.status_code, Amendment.objects.count()) == (422, 0)
    assert "error-summary" in answer.text or "field-bad" in answer.text


def test_what_is_typed_is_never_run(people, signed_in):
    opinion = amending(people)
    browser = signed_in("member")
    nasty = '<script>alert(1)</script><img src=x onerror="alert(2)"> [a](javascript:alert(3))'
    browser.post(url("amendment-new", opinion.pk), FORM | {"quote": "", "typed": nasty, "reason": nasty})
    page = browser.get(url("amendment-check", Amendment.objects.get().pk)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_whole_recommendation_is_proposed_question_by_question(people, signed_in):
    opinion = amending(people)
    browser = signed_in("member")
    address = url("amendment-new-recommendation", opinion.pk)
    assert "Après « Un guichet »" in browser.get(address).text.replace("\u00a0", " ")
    answers = {"title": "Un taxi", "problem": "Le soir, rien.", "proposal": "- Payer\n- la course", "audience": ""}
    answers |= {"decider": "", "means": "", "measure": "", "reason": "Le soir compte.", "alinea_from": "9"}
    assert browser.post(address, answers | {"proposal": ""}).status_code == 422
    assert browser.post(address, answers | {"alinea_from": "4"}).status_code == 422
    sent = browser.post(address, answers)
    draft = Amendment.objects.get()
    node = draft.content[0]["attrs"]["id"]
    assert sent.url == url("amendment-check", draft.pk)
    form = browser.get(url("amendment-edit", draft.pk)).text
    assert "- la course" in form
    browser.post(url("amendment-edit", draft.pk), answers | {"version": "1", "title": "Un taxi le soir"})
    assert (fresh(draft).content[0]["attrs"]["id"], fresh(draft).revision) == (node, 2)
    assert browser.post(sent.url).url == url("my-amendment", draft.pk)
    page = browser.get(url("my-amendment", draft.pk)).text
    assert "Un taxi le soir" in page
    assert "Quel est le problème" in page


def test_a_closed_window_says_so(people, signed_in):
    opinion = in_sitting(people, voters=0)
    answer = signed_in("member").get(url("amendment-new", opinion.pk))
    assert (answer.status_code, "s’est fermé le" in answer.text) == (409, True)
    answer = signed_in("member").post(url("amendment-new", opinion.pk), {"late_text": "Trop tard"})
    assert (answer.status_code, "s’est fermé le" in answer.text) == (409, True)


def test_drafts_are_private_and_what_was_not_checked_is_not_shown(people, signed_in):
    opinion = amending(people)
    hidden = [AmendmentFactory(opinion=opinion, state=state) for state in (A.DRAFT, A.SUBMITTED, A.INADMISSIBLE)]
    shown = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    browser = signed_in("member")
    for one in hidden:
        assert browser.get(url("my-amendment", one.pk)).status_code == 404
    assert browser.get(url("my-amendment", shown.pk)).status_code == 200
    assert signed_in("officer").get(url("amendment", hidden[0].pk)).status_code == 404
    assert signed_in("officer").get(url("amendment", hidden[1].pk)).status_code == 200


def test_signing_by_one_click_and_declining(people, signed_in):
    opinion = amending(people)
    asked = AmendmentCosignerFactory(amendment__opinion=opinion, person=people["member"].person).amendment
    browser = signed_in("member")
    assert "vous propose de signer" in browser.get(url("my-amendment", asked.pk)).text
    browser.post(url("amendment-sign", asked.pk))
    assert fresh(asked).cosigners.get().signed_at
    browser.post(url("amendment-decline", asked.pk))
    assert fresh(asked).cosigners.get().declined_at


def test_the_team_keys_in_and_the_member_confirms(people, signed_in):
    opinion = amending(people)
    author = sits(people["member"], people.term).member.person
    data = FORM | {"author": author.pk, "via": "paper", "received_on": timezone.localdate().isoformat()}
    sent = signed_in("officer").post(url("amendment-record", opinion.pk), data)
    made = Amendment.objects.get()
    assert sent.url == url("amendment", made.pk)
    browser = signed_in("member")
    assert "Est-ce bien ce que vous avez écrit" in browser.get(url("my-amendment", made.pk)).text
    browser.post(url("amendment-confirm", made.pk))
    assert fresh(made).confirmed_at
    late = data | {"received_on": "2999-01-01"}
    assert signed_in("officer").post(url("amendment-record", opinion.pk), late).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quote": "ces mots manquent"}, "quote"),
        ({"alinea_from": "900", "quote": ""}, "alinea_from"),
        ({"typed": " "}, "typed"),
        ({"received_on": "2999-01-01"}, "received_on"),
    ],
)
def test_a_refusal_is_said_at_the_field_that_mends_it(wrong, field, people, signed_in):
    opinion = amending(people)
    author = sits(people["member"], people.term).member.person
    data = FORM | {"author": author.pk, "via": "paper", "received_on": timezone.localdate().isoformat()}
    answer = signed_in("officer").post(url("amendment-record", opinion.pk), data | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_the_team_keys_in_a_whole_recommendation(people, signed_in):
    opinion = amending(people)
    author = sits(people["member"], people.term).member.person
    data = {"author": author.pk, "via": "phone", "received_on": timezone.localdate().isoformat(), "alinea_from": "16"}
    data |= {"title": "Un taxi", "problem": "Le soir, rien.", "proposal": "Payer la course."}
    address = url("amendment-record-recommendation", opinion.pk)
    assert signed_in("officer").post(address, data | {"proposal": ""}).status_code == 422
    assert signed_in("officer").post(address, data).status_code == 302
    made = Amendment.objects.get()
    assert (made.content[0]["type"], made.via, made.reason) == ("recommendation", "phone", "")


def test_check_view_call_vote_by_the_pages(people, signed_in):
    opinion = in_sitting(people)
    one = AmendmentFactory(opinion=opinion, inside=True)
    officer = signed_in("officer")
    steps = [
        ("recevable", {}),
        ("avis", {"stance": ViewStance.FAVOURABLE, "text": "Bien."}),
        ("appeler", {}),
        (
            "voter",
            {
                "votes_for": ROOM,
                "votes_against": 0,
                "abstentions": 0,
                "no_opinion": 0,
                "voted_at": timezone.localtime().strftime("%H:%M"),
                "first_counter": "Odile Labatut",
                "second_counter": "Wassim Pujol",
            },
        ),
    ]
    for slug, data in steps:
        assert officer.get(url("amendment-step", one.pk, slug)).status_code == 200
        sent = officer.post(url("amendment-step", one.pk, slug), data)
        assert sent.status_code == 302, (slug, sent.text[-3000:])
    assert fresh(one).state == A.ADOPTED
    page = officer.get(url("amended-text", opinion.pk)).text
    assert "sont isolés" in page
    assert last_version(opinion).number == base_version(opinion).number + 1
    assert officer.post(url("amendment-step", one.pk, "appeler")).status_code == 409
    assert officer.get(url("amendment-step", one.pk, "inconnue")).status_code == 404


def test_an_impossible_count_is_refused_and_changes_nothing(people, signed_in):
    one = AmendmentFactory(opinion=in_sitting(people), state=A.DEBATED)
    data = {
        "votes_for": ROOM + 5,
        "votes_against": 0,
        "abstentions": 0,
        "no_opinion": 0,
        "voted_at": timezone.localtime().strftime("%H:%M"),
        "first_counter": "Odile Labatut",
        "second_counter": "Wassim Pujol",
    }
    answer = signed_in("officer").post(url("amendment-step", one.pk, "voter"), data)
    assert (answer.status_code, fresh(one).state, "recomptez" in answer.text) == (422, A.DEBATED, True)


def test_the_rapporteur_gives_a_view_and_nobody_else(people, signed_in):
    opinion = amending(people, rapporteur=people["member"].person)
    one = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    browser = signed_in("member")
    assert "Donner mon avis" in browser.get(url("my-rapporteur", opinion.pk)).text
    browser.post(url("amendment-view", one.pk), {"stance": ViewStance.UNFAVOURABLE, "text": "Non."})
    assert (fresh(one).state, fresh(one).is_view_on_behalf) == (A.RAPPORTEUR_VIEW, False)
    other = signed_in(people.make("member", people.term))
    assert other.get(url("amendment-view", one.pk)).status_code == 403
    assert other.get(url("my-rapporteur", opinion.pk)).status_code == 403


@pytest.mark.parametrize(("name", "who", "expected"), [("amendments", "officer", 10), ("my-amendments", "member", 9)])
@pytest.mark.parametrize("many", [1, 4])
def test_lists_ask_the_same_number_of_questions(
    name, who, expected, many, people, signed_in, django_assert_num_queries
):
    opinion = amending(people)
    for n in range(many):
        AmendmentFactory(opinion=opinion, state=A.RAPPORTEUR_VIEW, number=n + 1)
    browser = signed_in(who)
    browser.get(url(name, opinion.pk))
    with django_assert_num_queries(expected):
        browser.get(url(name, opinion.pk))


def test_the_page_of_the_opinion_leads_to_what_waits(people, signed_in):
    opinion = amending(people)
    page = url("opinion", opinion.pk)
    assert "Figer l’avis" in signed_in("officer").get(page).text
    AmendmentFactory(opinion=opinion)
    assert "1 amendement attend sa vérification" in signed_in("officer").get(page).text
    frozen = in_sitting(people, voters=0)
    AmendmentFactory(opinion=frozen, state=A.ADMISSIBLE)
    assert "1 amendement reste à appeler" in signed_in("officer").get(url("opinion", frozen.pk)).text


def test_filters_and_the_file(people, signed_in):
    opinion = amending(people)
    deleted = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, deletion=True, number=1)
    inside = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, inside=True, number=2)
    AmendmentFactory(opinion=opinion, number=3)
    officer = signed_in("officer")
    page = officer.get(url("amendments", opinion.pk) + "?heurts=oui").text
    assert url("amendment", deleted.pk) in page
    assert url("amendment", inside.pk) in page
    assert "2 amendements, dans l’ordre d’appel" in page
    assert "1 amendement, dans" in officer.get(url("amendments", opinion.pk) + "?q=3").text
    lines = (
        officer.get(url("amendments-export", opinion.pk) + "?etat=admissible").content.decode("utf-8-sig").splitlines()
    )
    assert [row.split(";")[1] for row in lines[:-3]] == ["Numéro", "1", "2"]
    assert lines[-2].endswith("\u00a0: recevable")


def test_the_booklet_and_the_public_page(people, signed_in, client):
    opinion = OpinionFactory(term=people.term, state=OpinionState.FROZEN)
    member = sits(people["member"], people.term).member.person
    one = AmendmentFactory(opinion=opinion, state=A.ADOPTED, inside=True, reason=f"{member.full_name} l’a dit.")
    AmendmentFactory(opinion=opinion, state=A.SUBMITTED)
    for who, name in (("officer", "amendments-booklet"), ("member", "my-amendments-booklet")):
        page = signed_in(who).get(url(name, opinion.pk)).text
        assert "1 amendement, dans l’ordre d’appel" in page
        assert "Adopté" in page
    address = url("public-amendments", opinion.reference)
    assert client.get(address).status_code == 404
    type(opinion).objects.filter(pk=opinion.pk).update(
        state=OpinionState.PUBLISHED,
        ballot=one.ballot,
        adopted_on=timezone.localdate(),
        handed_over_on=timezone.localdate(),
        handed_over_place="Toulouse",
        handed_over_to="le président",
        published_at=timezone.now(),
    )
    page = client.get(address).text
    assert "Adopté" in page
    assert one.author.last_name not in page
    assert member.last_name not in page
    assert "l’a dit." in page


def test_a_name_that_nobody_has_stays_on_the_form(people, signed_in, monkeypatch):
    opinion = amending(people)
    MandateFactory(term=people.term)
    monkeypatch.setattr(pagination, "WHOLE_LIST", 0)
    browser = signed_in("member")
    browser.post(url("amendment-new", opinion.pk), FORM)
    refused = browser.post(url("amendment-invite", Amendment.objects.get().pk), {"person": "Personne Inconnue"})
    assert refused.status_code == 422
    assert 'value="Personne Inconnue"' in refused.text
    assert "Personne n’a ce nom" in refused.text
