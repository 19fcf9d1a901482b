"""The sealed answer table: both standards by the real validator, its place on the site, what proves each answer."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answers.models import AnswerCase, AnswerCaseState, AnswerValue
from answers.publication import actions
from answers.publication.contributions import SealedAnswerTable
from answers.publication.queries import thread_of
from assembly.audit.models import Entry
from assembly.documents.models import Audience, Document, DocumentState, Rendition
from assembly.documents.pdf.render import render
from assembly.documents.queries import sealed_revisions
from opinions.models import Opinion
from tests import verapdf
from tests.answers.publication.test_public import answered, one_of, opinion_of, readable, revised, text
from tests.factories.answers import WORDS, AnswerCaseFactory, AnswerFactory, said
from tests.factories.opinions import RecommendationFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
LONG = " ".join([WORDS] * 60)


def table_of(opinion):
    return reverse("answers:table", args=[opinion.reference])


def desk_of(opinion):
    return reverse("answers:desk-table", args=[opinion.pk])


def sealed(opinion, people, work):
    job = actions.seal(opinion, by=people["lead"])
    work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("ready", "")
    return Document.objects.get(kind="answer-table")


@pytest.fixture
def opinion(people):
    made = opinion_of(people, len(V) + 2)
    for number, value in enumerate(V, start=1):
        answered(people, one_of(made, number), value, action="Ouvrir en mars.", service="Direction A", proof_url="")
    AnswerCaseFactory(recommendation=one_of(made, len(V) + 1))
    return made


def test_every_value_one_expected_and_one_revised_pass_both_standards(opinion, people, tmp_path):
    revised(one_of(opinion, 1).answer_case.answers.get(), body=LONG)
    subject = SealedAnswerTable().load(str(opinion.pk))
    path = tmp_path / "table.pdf"
    path.write_bytes(render(SealedAnswerTable().source(subject)))
    assert verapdf.verdicts(path) == {"3a": [], "ua1": []}


def test_it_is_sealed_published_and_in_the_register(opinion, people, work, client):
    document = sealed(opinion, people, work)
    assert (document.reference, document.audience, document.state) == (
        f"{opinion.reference}-REP",
        Audience.PUBLIC,
        DocumentState.PUBLISHED,
    )
    assert client.get(f"/publications/{document.reference}.pdf").status_code == 200
    listed = client.get(reverse("documents:publications")).text
    assert document.reference in listed
    assert table_of(opinion) in listed
    assert table_of(opinion) in client.get(reverse("opinions:public", args=[opinion.reference])).text
    verbs = Entry.objects.values_list("event_type", flat=True)
    assert {"answer.table_sealing_asked", "answer.table_sealed"} <= set(verbs)


def test_a_revised_answer_waits_for_a_new_seal_and_the_former_one_stays(opinion, people, work, client, signed_in):
    document = sealed(opinion, people, work)
    row = one_of(opinion, 1)

    def proofs():
        return [step.proof for step in thread_of(row).steps if step.answer]

    assert proofs() == [document.reference]
    assert "publié depuis" not in text(client, table_of(opinion))
    first = row.answer_case.answers.get()
    revised(first, body="Nous le ferons un an plus tard, faute de chauffeurs cette année.")
    assert proofs() == [document.reference, ""]
    assert "elle dit aussi ce qui a été publié depuis" in text(client, table_of(opinion))
    assert "Sceller et publier de nouveau" in signed_in("lead").get(desk_of(opinion)).text
    sealed(opinion, people, work)
    assert proofs() == [document.reference] * 2
    assert sealed_revisions(document).count() == 2
    told = text(client, table_of(opinion))
    assert "faute de chauffeurs" in told
    assert first.body.replace("\u00a0", " ") in told
    assert "Sceller" not in signed_in("lead").get(desk_of(opinion)).text.split("<h1>")[1].split("<ul")[0]


def test_only_the_lead_seals_and_only_what_is_public(opinion, people):
    for who in ("officer", "facilitator", "member", "president", "dir_contact"):
        with pytest.raises(PermissionDenied):
            actions.seal(opinion, by=people[who])
    with pytest.raises(PermissionDenied):
        actions.seal(opinion, by=people.elsewhere("lead"))
    waiting = opinion_of(people, 1)
    with pytest.raises(ValidationError, match="rien à sceller"):
        actions.seal(waiting, by=people["lead"])
    Opinion.objects.filter(pk=opinion.pk).update(state="handed_over", published_at=None)
    with pytest.raises(ValidationError, match="Publiez d’abord"):
        actions.seal(Opinion.objects.get(pk=opinion.pk), by=people["lead"])
    assert not Rendition.objects.exists()


def test_a_handover_told_to_be_another_day_outdates_the_delays(opinion, people, work, signed_in):
    sealed(opinion, people, work)
    case = one_of(opinion, 1).answer_case
    AnswerCase.objects.filter(pk=case.pk).update(opened_on=case.opened_on - timedelta(days=3))
    assert "Sceller et publier de nouveau" in signed_in("lead").get(desk_of(opinion)).text


def test_asked_twice_it_is_made_once_and_an_answer_in_between_asks_again(opinion, people, work):
    first = actions.seal(opinion, by=people["lead"])
    assert actions.seal(opinion, by=people["lead"]).pk == first.pk
    revised(one_of(opinion, 2).answer_case.answers.get(), body=LONG)
    work()
    first.refresh_from_db()
    assert first.state == "failed"
    assert "Le contenu a changé" in first.error
    sealed(opinion, people, work)


def test_a_table_whose_timestamp_came_later_is_published_by_the_same_click(opinion, people, work, monkeypatch):
    monkeypatch.setattr(actions, "publish", lambda document, by: None)
    document = sealed(opinion, people, work)
    assert document.published_revision is None
    monkeypatch.undo()
    assert actions.seal(opinion, by=people["lead"]).is_ready
    document.refresh_from_db()
    assert document.state == DocumentState.PUBLISHED


def test_an_opinion_without_recommendations_has_its_table_too(people, work, client):
    case = AnswerCaseFactory(whole=True, whole_of__term=people.term, state=S.PUBLISHED)
    AnswerFactory(case=case, published=True, **said(V.ACCEPTED))
    sealed(case.whole_of, people, work)
    assert WORDS in text(client, table_of(case.whole_of))


def test_the_lead_is_told_when_a_table_is_to_be_sealed(opinion, people, work, signed_in):
    def is_asked(who="lead"):
        return "Sceller le tableau des réponses" in readable(signed_in(who).get(reverse("portal:desk-home")).text)

    assert not is_asked()  # one is still expected
    sealed(opinion, people, work)
    assert not is_asked()
    revised(one_of(opinion, 1).answer_case.answers.get())
    assert is_asked()
    assert not is_asked("officer")
    sealed(opinion, people, work)
    assert not is_asked()
    complete = opinion_of(people, 1)
    answered(people, one_of(complete))
    assert is_asked()


@pytest.mark.parametrize("who", ["officer", "facilitator"])
def test_the_desk_shows_it_without_the_button_to_others(who, opinion, signed_in, people):
    page = signed_in(who).get(desk_of(opinion))
    assert page.status_code == (200 if who == "officer" else 403)
    if who == "officer":
        assert "Sceller et publier le tableau" not in page.text
        assert signed_in(who).post(desk_of(opinion)).status_code == 403


def test_the_lead_asks_on_the_page(opinion, signed_in, people):
    browser = signed_in("lead")
    assert "Sceller et publier le tableau" in browser.get(desk_of(opinion)).text
    answer = browser.post(desk_of(opinion))
    job = Rendition.objects.get()
    assert answer["Location"] == reverse("documents:rendition-progress", args=[job.public_id])
    assert "Cachet demandé" in readable(browser.get(desk_of(opinion)).text)


def test_an_opinion_that_is_not_public_or_not_handed_over_has_no_page(people, client):
    opinion = opinion_of(people, 1)
    assert client.get(table_of(opinion)).status_code == 200
    Opinion.objects.filter(pk=opinion.pk).update(state="handed_over", published_at=None)
    assert client.get(table_of(opinion)).status_code == 404
    assert client.get(reverse("answers:table-json", args=[opinion.reference])).status_code == 404


def test_statements_do_not_grow_with_the_answers(people, client):
    opinion = opinion_of(people, 3)
    answered(people, one_of(opinion, 1))

    def cost():
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as made:
            client.get(table_of(opinion))
        return len(made)

    few = cost()
    answered(people, one_of(opinion, 2), V.REJECTED)
    revised(one_of(opinion, 2).answer_case.answers.get(), body=LONG)
    for n in range(4, 24):
        row = RecommendationFactory(opinion=opinion, number=n, reference=f"{opinion.reference}-P{n:02}")
        answered(people, row)
    assert cost() == few
