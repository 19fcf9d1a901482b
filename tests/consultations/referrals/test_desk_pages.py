"""The bureau's pages of referrals: list, form, dossier, steps, groups, letter, history."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assembly.web import pagination
from consultations.models import DirectorateReview, Referral, ReferralCommittee, ReferralState
from sessions.models import AgendaItem, Decision
from tests.factories.consultations import (
    DirectorateReviewFactory,
    ReferralCommitteeFactory,
    ReferralDirectorateFactory,
    ReferralFactory,
)
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, DirectorateFactory, TermFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory, decided_task
from tests.files import pdf

pytestmark = pytest.mark.django_db
S = ReferralState
LIST = "/bureau/saisines/"
PDF = pdf("Lettre de saisine")
CASES = [
    (own, state)
    for own in (False, True)
    for state in S
    if state not in S.tagged("president" if own else "self_referral")
]


def url(name, referral, *more):
    return reverse(f"consultations:{name}", args=[referral.pk, *more])


def complete(people, **traits):
    """Make a referral with its lead directorate."""
    referral = ReferralFactory(term=people.term, officer=people["officer"], **traits)
    ReferralDirectorateFactory(referral=referral, lead=True)
    return referral


def about(referral, **values):
    return AgendaItemFactory(
        sitting__term=referral.term,
        topic_type="consultations.Referral",
        topic_id=str(referral.pk),
        **values,
    )


@pytest.mark.parametrize("count", [2, 26])
@pytest.mark.parametrize("who", ["officer", "lead@elsewhere"])
def test_the_list_as_it_opens_is_the_list(who, count, people, signed_in):
    """It is asked by a statement compiled once for all who have such roles: the rows are those of any other way."""
    for _ in range(count):
        referral = ReferralFactory(term=people.term)
    today = timezone.localdate()
    DirectorateReviewFactory(referral=referral, due_on=today - timedelta(days=1))
    DirectorateReviewFactory(referral=referral, due_on=today)
    browser = signed_in(people.elsewhere("lead") if "@" in who else people[who])
    opened, asked = (browser.get(LIST, query).context["list"] for query in ({}, {"tri": "-date"}))
    rows = [[(row.pk, row.review_counts) for row in shown.page] for shown in (opened, asked)]
    assert rows[0] == rows[1]
    assert opened.page.after == asked.page.after
    assert opened.count == asked.count == (0 if "@" in who else count)
    if "@" not in who:
        assert rows[0][0][1] == {"asked": 2, "given": 0, "late": 1}


def test_the_dossier_opens_in_every_state(people, signed_in):
    browser = signed_in("lead")
    for own, state in CASES:
        referral = ReferralFactory(term=people.term, own=own, state=state)
        page = browser.get(url("referral", referral))
        assert page.status_code == 200, (own, state)
        assert referral.title in page.text


def test_the_list_filters_sorts_and_exports(people, signed_in):
    late = ReferralFactory(
        term=people.term,
        working=True,
        title="En retard",
        work_starts_on=None,
        due_on=timezone.localdate() - timedelta(days=3),
    )
    own = ReferralFactory(term=people.term, own=True, title="Un sujet")
    asked = DirectorateReviewFactory(referral__term=people.term, late=True, referral__title="Une direction tarde")
    DirectorateReviewFactory(referral=asked.referral, given=True)
    group = ReferralCommitteeFactory(referral=late).committee
    ReferralFactory(term=TermFactory(another=True), title="Une autre mandature")
    browser = signed_in("officer")

    def titles(query=""):
        return {row.title for row in browser.get(f"{LIST}?{query}").context["list"].page}

    assert titles() == {"En retard", "Un sujet", "Une direction tarde"}
    assert titles("origin=self_referral") == {own.title}
    assert titles("late=opinion") == {"En retard"}
    assert titles("late=review") == {"Une direction tarde"}
    assert titles(f"committee={group.pk}") == {"En retard"}
    assert titles("state=suggested&q=sujet") == {"Un sujet"}
    assert titles("state=nonsense&late=never") == {"En retard", "Un sujet", "Une direction tarde"}
    page = browser.get(f"{LIST}?tri=titre")
    assert "1/2 contributions" in page.text
    assert [row.title for row in page.context["list"].page] == ["En retard", "Un sujet", "Une direction tarde"]
    sheet = browser.get(f"{LIST}export.csv?late=opinion").content.decode("utf-8-sig").splitlines()
    assert len(sheet) == 5  # the last three say what the file is
    assert "En retard" in sheet[1]
    assert "Avis de l’assemblée en retard" in sheet[3]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_more_rows(rows, people, signed_in, django_assert_num_queries):
    for _ in range(rows):
        review = DirectorateReviewFactory(referral__term=people.term)
        DirectorateReviewFactory(referral=review.referral)
    browser = signed_in("officer")
    with django_assert_num_queries(9):
        assert browser.get(LIST).status_code == 200


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_the_dossier_costs_the_same_with_more_reviews(rows, people, signed_in, django_assert_max_num_queries):
    referral = complete(people, working=True)
    for _ in range(rows):
        DirectorateReviewFactory(referral=referral)
        about(referral)
    browser = signed_in("officer")
    with django_assert_max_num_queries(13):
        assert browser.get(url("referral", referral)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_groups_cost_the_same_with_more_rows(rows, people, signed_in, django_assert_num_queries):
    referral = complete(people, working=True)
    for _ in range(rows):
        ReferralCommitteeFactory(referral=referral)
        about(referral)
    browser = signed_in("officer")
    with django_assert_num_queries(17):
        assert browser.get(url("committees", referral)).status_code == 200


def test_a_referral_is_prepared_once(people, signed_in):
    lead, other = (DirectorateFactory(assembly=people.assembly) for _ in range(2))
    browser = signed_in("officer")
    sent = {
        "title": "Bien vieillir",
        "question": "Comment vieillir ?",
        "due_on": "2027-06-30",
        "lead": lead.pk,
        "associated": [lead.pk, other.pk],
    }
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for _ in range(2):
        assert browser.post(f"{LIST}nouvelle/", sent, headers=key).status_code == 302
    made = Referral.objects.get()
    assert made.reference == f"S-{timezone.localdate().year}-01"
    assert {(row.directorate_id, row.is_lead) for row in made.directorates.all()} == {
        (lead.pk, True),
        (other.pk, False),
    }


def test_bad_words_and_dates_are_said(people, signed_in):
    browser = signed_in("officer")
    sent = {"title": "", "due_on": "2026-01-01", "work_starts_on": "2026-06-01", "question": "Voir \U0001f600"}
    page = browser.post(f"{LIST}nouvelle/", sent)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"title", "due_on", "question"}
    assert not Referral.objects.exists()


def test_a_foreign_directorate_is_no_choice(people, signed_in):
    stranger = DirectorateFactory(assembly=people.elsewhere("officer").roles.get().assembly)
    page = signed_in("officer").post(f"{LIST}nouvelle/", {"title": "Bien vieillir", "lead": stranger.pk})
    assert set(page.context["form"].errors) == {"lead"}


def test_a_late_save_shows_both_texts(people, signed_in):
    referral = ReferralFactory(term=people.term, title="Avant")
    browser = signed_in("officer")
    assert browser.post(url("edit", referral), {"title": "De Nadia", "version": 1}).status_code == 302
    page = browser.post(url("edit", referral), {"title": "De Samuel", "version": 1})
    assert page.status_code == 409
    assert "De Nadia" in page.text
    assert "De Samuel" in page.text
    referral.refresh_from_db()
    assert referral.title == "De Nadia"
    again = {"title": "De Samuel", "version": page.context["form"]["version"].value()}
    assert browser.post(url("edit", referral), again).status_code == 302


def test_only_the_calendar_of_an_issued_letter_changes(people, signed_in):
    referral = complete(people, issued=True)
    browser = signed_in("officer")
    page = browser.get(url("edit", referral))
    assert set(page.context["form"].fields) == {
        "version",
        "work_starts_on",
        "due_on",
        "target_decision",
        "target_decision_on",
    }
    sent = {"version": 1, "due_on": "2027-12-01", "question": "Une autre ?", "title": "Autre"}
    assert browser.post(url("edit", referral), sent).status_code == 302
    fresh = Referral.objects.get(pk=referral.pk)
    assert (str(fresh.due_on), fresh.question, fresh.title) == ("2027-12-01", referral.question, referral.title)


def test_what_is_missing_leads_to_its_field(people, signed_in):
    referral = ReferralFactory(term=people.term, review=True, bare=True)
    browser = signed_in("officer")
    page = browser.get(url("referral", referral))
    for name in ("question", "deliverable", "due_on", "lead"):
        assert f'{url("edit", referral)}#id_{name}"' in page.text
    step = browser.get(url("step", referral, "lettre-signee"))
    assert step.status_code == 200
    assert f'{url("edit", referral)}#id_due_on"' in step.text
    office = signed_in("president")
    refused = office.post(
        reverse("consultations:office-step", args=[referral.pk, "emettre"]), {"reviews_due_on": "2027-01-01"}
    )
    assert refused.status_code == 422
    assert "la question" in refused.text
    assert Referral.objects.get(pk=referral.pk).state == S.INTERNAL_REVIEW


def test_the_paper_letter_passes_the_gate(people, signed_in):
    referral = complete(people, review=True)
    browser = signed_in("officer")
    sent = {"letter_on": timezone.localdate().isoformat(), "reviews_due_on": "2027-01-15"}
    liar = SimpleUploadedFile("lettre.pdf", b"MZ\x90\x00 a program", content_type="application/pdf")
    refused = browser.post(url("step", referral, "lettre-signee"), sent | {"file": liar})
    assert (refused.status_code, Referral.objects.get(pk=referral.pk).state) == (422, S.INTERNAL_REVIEW)
    letter = SimpleUploadedFile("../../lettre.pdf", PDF, content_type="application/pdf")
    done = browser.post(url("step", referral, "lettre-signee"), sent | {"file": letter})
    assert done.status_code == 302
    fresh = Referral.objects.get(pk=referral.pk)
    assert (fresh.state, fresh.issue_channel, "/" in fresh.signed_letter.name) == (S.ISSUED, "paper", False)
    assert DirectorateReview.objects.filter(referral=referral).count() == 1
    for who, status in (("member", 200), ("sponsor", 200), ("dpo", 404), ("dir_contact", 404)):
        address = reverse("documents:upload", args=[fresh.signed_letter.public_id])
        assert signed_in(who).get(address).status_code == status, who


def test_a_step_that_is_over_answers_409(people, signed_in):
    referral = complete(people, working=True)
    for slug, status in (("instruire", 409), ("recevoir", 409), ("clore", 403), ("publier", 302), ("publier", 409)):
        sent = signed_in("officer").post(url("step", referral, slug), {"reason": "Oui."})
        assert sent.status_code == status, slug
    assert "« Publier » n’est pas possible maintenant" in sent.text.replace("\xa0", " ")
    assert signed_in("lead").post(url("step", referral, "clore"), {"reason": "Oui."}).status_code == 409
    assert signed_in("officer").get(url("step", referral, "nulle-part")).status_code == 404


def test_the_withdrawal_says_what_stops(people, signed_in):
    referral = complete(people, working=True)
    asked = DirectorateReviewFactory(referral=referral)
    ReferralCommitteeFactory(referral=referral)
    browser = signed_in("officer")
    page = browser.get(url("step", referral, "retirer"))
    assert asked.directorate.name in page.text
    assert browser.post(url("step", referral, "retirer"), {"reason": " "}).status_code == 422
    assert browser.post(url("step", referral, "retirer"), {"reason": "Le schéma est voté."}).status_code == 302
    shown = browser.get(url("referral", referral)).text
    assert "Le schéma est voté." in shown
    asked.refresh_from_db()
    assert asked.state == "closed"


def test_a_merge_into_itself_or_elsewhere_is_refused(people, signed_in):
    referral, other = complete(people, working=True), ReferralFactory(term=TermFactory(another=True))
    browser = signed_in("officer")
    for target in (referral.pk, other.pk, 0):
        page = browser.post(url("step", referral, "fusionner"), {"target": target, "reason": "Le même sujet."})
        assert (page.status_code, "target" in page.context["form"].errors) == (422, True)
    going_on = ReferralFactory(term=people.term, working=True)
    sent = {"target": going_on.pk, "reason": "Le même sujet."}
    assert browser.post(url("step", referral, "fusionner"), sent).status_code == 302
    assert str(going_on) in browser.get(url("referral", referral)).text


def test_beyond_a_list_the_referral_that_goes_on_is_written(people, signed_in, monkeypatch):
    """A term has thousands of them: the page holds a box, and words of the title or the reference find one."""
    referral = complete(people, working=True)
    by_title = ReferralFactory(term=people.term, working=True, title="Bien vieillir à l’école", reference="S-2031-07")
    ReferralFactory(term=people.term, working=True, title="Bien manger", reference="S-2031-08")
    monkeypatch.setattr(pagination, "WHOLE_LIST", 1)
    browser, page = signed_in("officer"), url("step", referral, "fusionner")
    asked = browser.get(page).text
    assert 'placeholder="Un mot du titre, ou la référence"' in asked
    assert by_title.title not in asked
    several = browser.post(page, {"target": "bien", "reason": "Le même sujet."})
    assert several.status_code == 422
    assert "Laquelle de ces saisines" in several.text
    assert "Bien manger" in several.text
    assert browser.post(page, {"target": "S-2031-07 ECOLE", "reason": "Le même sujet."}).status_code == 302
    referral.refresh_from_db()
    assert referral.merged_into == by_title


def test_groups_are_charged_and_released(people, signed_in):
    referral = complete(people, accepted=True)
    group = CommitteeFactory(term=people.term, name="Habiter")
    browser = signed_in("officer")
    sent = {"committee": group.pk, "mandate_statement": "Comment vieillir chez soi ?"}
    assert browser.post(url("committees", referral), sent).status_code == 302
    row = ReferralCommittee.objects.get()
    assert browser.post(url("committees", referral), sent).status_code == 422
    mandate = reverse("consultations:committee-mandate", args=[referral.pk, row.pk])
    assert browser.post(mandate, {"mandate_statement": "Habiter ?"}).status_code == 302
    other = complete(people, accepted=True)
    foreign = reverse("consultations:committee-mandate", args=[other.pk, row.pk])
    assert browser.post(foreign, {"mandate_statement": "Ailleurs"}).status_code == 404
    assert "Habiter\u00a0?" in browser.get(url("committees", referral)).text
    release = reverse("consultations:committee-release", args=[referral.pk, row.pk])
    assert browser.post(release).status_code == 302
    assert browser.post(release).status_code == 404


def test_decisions_and_actions_gather_by_body(people, signed_in):
    referral = complete(people, working=True)
    plenary = about(referral, sitting__held=True, title="En plénière")
    steering = about(referral, title="Au COPIL", sitting__committee_sitting=True, sitting__committee__kind="steering")
    under = AgendaItemFactory(sitting=plenary.sitting, parent=plenary, title="Sous-point")
    in_room = {"present": 1, "quorum": 1}
    Decision.objects.create(
        sitting=plenary.sitting,
        agenda_item=under,
        number=1,
        reference="PL-1-D1",
        text="Le carnet est adopté.",
        **in_room,
    )
    decided_task(steering.sitting, steering, text="Inviter la Région", owner=PersonFactory())
    AgendaItemFactory(sitting=plenary.sitting, title="Autre chose")
    browser = signed_in("officer")

    def shown(body):
        text = browser.get(f"{url('committees', referral)}?instance={body}").text
        return {words for words in ("En plénière", "Sous-point", "Au COPIL", "Le carnet", "Inviter") if words in text}

    assert shown("") == {"En plénière", "Sous-point", "Au COPIL", "Le carnet", "Inviter"}
    assert shown("plenary") == {"En plénière", "Sous-point", "Le carnet"}
    assert shown("copil") == {"Au COPIL", "Inviter"}
    assert shown("cotech") == set()
    assert "Autre chose" not in browser.get(url("committees", referral)).text


def test_an_agenda_item_says_which_referral_it_treats(people, signed_in):
    referral, sitting = complete(people, issued=True), SittingFactory(term=people.term)
    ReferralFactory(term=people.term, state=S.WITHDRAWN)
    browser = signed_in("officer")
    page = browser.get(reverse("sittings:sitting", args=[sitting.pk]))
    choices = [key for key, _words in page.context["form"].fields["topic"].all_rows()]
    assert choices == [f"consultations.Referral:{referral.pk}"]
    sent = {"title": "Réception", "kind": "information", "minutes": 10, "topic": choices[0]}
    assert browser.post(reverse("sittings:item-add", args=[sitting.pk]), sent).status_code == 302
    item = AgendaItem.objects.get()
    assert (item.topic_type, item.topic_id) == ("consultations.Referral", str(referral.pk))
    assert referral.reference in browser.get(reverse("sittings:sitting", args=[sitting.pk])).text
    edit = reverse("sittings:item-edit", args=[sitting.pk, item.pk])
    seen = browser.get(edit).context["form"]["version"].value()
    assert browser.post(edit, sent | {"topic": "", "version": seen}).status_code == 302
    item.refresh_from_db()
    assert (item.topic_type, item.topic_id) == ("", "")
    bad = browser.post(reverse("sittings:item-add", args=[sitting.pk]), sent | {"topic": "identity.User:1"})
    assert bad.status_code == 422


def test_the_page_says_where_the_reception_stands(people, signed_in):
    referral = complete(people, issued=True)
    browser = signed_in("officer")
    assert "Aucune séance plénière" in browser.get(url("referral", referral)).text
    coming = SittingFactory(term=people.term)
    assert url("step", referral, "inscrire") in browser.get(url("referral", referral)).text
    assert browser.post(url("step", referral, "inscrire"), {"sitting": coming.pk}).status_code == 302
    assert "l’assemblée la reçoit le" in browser.get(url("referral", referral)).text
    held = about(referral, sitting__held=True)
    assert url("step", referral, "recevoir") in browser.get(url("referral", referral)).text
    assert browser.post(url("step", referral, "recevoir"), {"item": held.pk}).status_code == 302
    assert Referral.objects.get(pk=referral.pk).accepted_item == held


def test_the_facilitator_reads_the_work_and_never_the_answers(people, signed_in):
    referral = complete(people, issued=True)
    browser = signed_in("facilitator")
    page = browser.get(url("referral", referral))
    labels = {tab.label for tab in page.context["frame"].tabs}
    assert "Contributions des directions" not in labels
    assert "Fil" not in labels
    assert page.context["frame"].links == []
    assert browser.get(url("referral", complete(people, review=True))).status_code == 404


def test_history_tells_every_step(people, signed_in):
    referral = complete(people)
    browser = signed_in("officer")
    browser.post(url("step", referral, "instruire"))
    browser.post(url("step", referral, "reprendre"), {"reason": "Le cadre budgétaire manque."})
    page = browser.get(url("history", referral)).text
    assert "a mis la saisine à l’instruction" in page
    assert "Le cadre budgétaire manque." in page


def test_the_draft_letter_is_asked_once(people, signed_in):
    referral = complete(people, review=True)
    browser = signed_in("officer")
    first, again = (browser.post(url("letter", referral)).headers["Location"] for _ in range(2))
    assert first == again
    assert signed_in("member").post(url("letter", complete(people, issued=True))).status_code == 403


def test_no_page_reads_more_for_a_member_than_needed(people, signed_in):
    """A member who guesses the bureau's address is refused, and sees nothing of what is prepared."""
    browser = signed_in("member")
    assert browser.get(url("referral", complete(people, issued=True))).status_code == 403
    assert browser.get(url("referral", complete(people, review=True))).status_code == 403
