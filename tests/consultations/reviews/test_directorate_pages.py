"""The directorates' room: one page to answer on, nobody else's file, two agents at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultations.digest.models import DeskEventKind
from consultations.models import Delegation, DeskEvent, DirectorateReview, ReviewAttachment, ReviewEdition
from consultations.reviews import contributions
from consultations.reviews.actions import answering, asking as reviews, thread
from consultations.reviews.models import EditionKind, ReviewState
from tests.consultations.desk import GRID, another, asked_of, in_days, written
from tests.factories.consultations import DirectorateReviewFactory, ReviewAttachmentFactory
from tests.growth import made

pytestmark = pytest.mark.django_db


def url(name, review, *more):
    return reverse(f"consultations:{name}", args=[review.pk, *more])


@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("who", ["dir_contact", "dir_approver"])
def test_the_page_of_a_file_in_every_state(signed_in, people, state, who):
    review = asked_of(people, state)
    page = signed_in(who).get(url("instruction", review))
    assert page.status_code == 200
    assert review.referral.question in page.content.decode()
    can_draft = any(step.name == "draft" and state in step.sources for step in answering.REVIEW.steps)
    assert ("Relire avant de rendre" in page.content.decode()) is can_draft


def test_the_page_says_until_when_who_signs_and_what_the_others_do(signed_in, people):
    review = asked_of(people, due_on=in_days(3))
    people["dir_approver"]
    directorate, _contact, _approver = another(people)
    DirectorateReviewFactory(referral=review.referral, directorate=directorate, given=True, summary="Oui, très vite.")
    text = signed_in("dir_contact").get(url("instruction", review)).content.decode()
    for words in (
        "dans 3\u00a0jours",
        people["dir_approver"].get_full_name(),
        "Direction des Mobilités",
        "Oui, très vite.",
    ):
        assert words in text


def test_a_date_that_moved_says_why_to_the_directorate(signed_in, people):
    review = asked_of(people)
    contact = people["dir_contact"]
    reviews.change_due(review, in_days(40), reason="Après le vote du budget.", by=people["officer"])
    assert "Après le vote du budget." in signed_in("dir_contact").get(url("instruction", review)).content.decode()
    assert [event.user for event in DeskEvent.objects.filter(kind=DeskEventKind.DUE_CHANGED)] == [contact]


def test_delegations_are_given_and_ended_in_the_room(signed_in, people):
    contact = people["dir_contact"]
    browser = signed_in("dir_approver")
    data = {"directorate": people.directorate.pk, "holder": contact.pk, "starts_on": "2027-05-03"}
    address = reverse("consultations:delegations")
    assert browser.post(address, {**data, "ends_on": "2027-05-01"}).status_code == 422
    browser.post(address, {**data, "ends_on": "2027-05-14"})
    given = Delegation.objects.get()
    assert contact.get_full_name() in browser.get(address).content.decode()
    assert signed_in("dir_contact").post(url("delegation-end", given)).status_code == 403
    browser.post(url("delegation-end", given))
    given.refresh_from_db()
    assert given.is_over


def test_typing_saves_and_says_when(signed_in, people):
    review = asked_of(people)
    answer = signed_in("dir_contact").post(
        url("instruction", review), {**GRID, "version": 0}, headers={"accept": "application/json"}
    )
    review.refresh_from_db()
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert (review.state, review.summary, review.saved_by) == (
        ReviewState.DRAFTED,
        GRID["summary"],
        people["dir_contact"],
    )


def test_the_second_of_two_agents_is_told_whose_text_stands(signed_in, people):
    review = asked_of(people)
    answering.save(review, GRID, version=0, by=people["dir_approver"])
    second = {**GRID, "summary": "Impossible.", "version": 0}
    answer = signed_in("dir_contact").post(url("instruction", review), second, headers={"accept": "application/json"})
    told = answer.json()
    assert answer.status_code == 409
    assert [
        words in told["panel"] for words in (people["dir_approver"].get_full_name(), GRID["summary"], "Impossible.")
    ] == [True] * 3
    kept = ReviewEdition.objects.get(review=review, kind=EditionKind.CONFLICT_COPY)
    assert (kept.content["summary"], kept.by) == ("Impossible.", people["dir_contact"])


def test_without_script_both_texts_stand_on_the_page(signed_in, people):
    review = asked_of(people)
    answering.save(review, GRID, version=0, by=people["dir_approver"])
    browser = signed_in("dir_contact")
    page = browser.post(url("instruction", review), {**GRID, "summary": "Impossible.", "version": 0})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Impossible." in text
    assert GRID["summary"] in text
    page = browser.post(url("instruction", review), {**GRID, "summary": "Impossible.", "version": 1, "then": "check"})
    assert page.url == url("instruction-check", review)


def test_words_too_long_are_refused_with_a_sentence(signed_in, people):
    review = asked_of(people)
    answer = signed_in("dir_contact").post(
        url("instruction", review), {"summary": "a" * 4001, "version": 0}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert "4" in answer.json()["sentence"]


def test_the_check_page_lists_what_is_missing_then_sends(signed_in, people):
    review = written(asked_of(people, ReviewState.DRAFTED), competence="")
    browser = signed_in("dir_contact")
    page = browser.get(url("instruction-check", review))
    assert "Il manque encore" in page.content.decode()
    written(review)
    page = browser.post(url("instruction-check", review), {"version": review.version})
    review.refresh_from_db()
    assert (page.url, review.state) == (reverse("portal:directorate-home"), ReviewState.SUBMITTED)


def test_an_approver_who_wrote_goes_on_to_the_visa(signed_in, people):
    review = written(asked_of(people, ReviewState.DRAFTED))
    browser = signed_in("dir_approver")
    page = browser.post(url("instruction-check", review), {"version": review.version})
    assert page.url == url("instruction-visa", review)
    assert browser.get(page.url).status_code == 200
    browser.post(page.url, {"version": review.version})
    review.refresh_from_db()
    assert review.state == ReviewState.VALIDATED


def test_the_visa_asks_who_is_there(signed_in, people):
    review = asked_of(people, ReviewState.SUBMITTED)
    browser = signed_in("dir_approver")
    session = browser.session
    session["account_authentication_methods"] = [{"method": "code", "at": 0}]
    session.save()
    page = browser.post(url("instruction-visa", review), {"version": review.version})
    review.refresh_from_db()
    assert (page.status_code, review.state) == (302, ReviewState.SUBMITTED)
    assert page.url.startswith("/compte/")


def test_a_text_that_changed_since_it_was_read_is_not_signed(signed_in, people):
    review = asked_of(people, ReviewState.SUBMITTED)
    page = signed_in("dir_approver").post(url("instruction-visa", review), {"version": review.version + 1})
    review.refresh_from_db()
    assert (page.url, review.state) == (url("instruction-visa", review), ReviewState.SUBMITTED)


@pytest.mark.parametrize(
    ("slug", "state", "who", "target"),
    [
        ("a-reprendre", ReviewState.SUBMITTED, "dir_approver", ReviewState.RETURNED),
        ("renvoyer", ReviewState.ASKED, "dir_contact", ReviewState.DECLINED),
        ("passer", ReviewState.ASKED, "dir_contact", ReviewState.PASSED_ON),
    ],
)
def test_steps_ask_why(signed_in, people, slug, state, who, target):
    review = asked_of(people, state)
    directorate, _contact, _approver = another(people)
    browser = signed_in(who)
    address = url("instruction-step", review, slug)
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"to": directorate.pk}).status_code == 422
    browser.post(address, {"to": directorate.pk, "reason": "Le coût manque."})
    review.refresh_from_db()
    assert (review.state, review.reason) == (target, "Le coût manque.")


def test_files_come_through_the_gate(signed_in, people):
    review = asked_of(people)
    browser = signed_in("dir_contact")
    liar = SimpleUploadedFile("etude.pdf", b"MZ\x90 not a pdf", content_type="application/pdf")
    assert browser.post(url("instruction-file-add", review), {"file": liar}).status_code == 422
    table = SimpleUploadedFile("../../etude.csv", b"canton;places\nSalies;40\n")
    browser.post(url("instruction-file-add", review), {"file": table, "title": "Places"})
    file = ReviewAttachment.objects.get()
    assert (file.title, file.upload.name) == ("Places", "etude.csv")
    address = reverse("documents:upload", args=[file.upload.public_id])
    assert browser.get(address).status_code == 200
    assert signed_in("officer").get(address).status_code == 200
    browser.post(url("instruction-file-remove", review, file.pk))
    assert browser.get(address).status_code == 404


def test_agents_of_another_directorate_meet_404_everywhere(signed_in, people):
    review = asked_of(people, ReviewState.SUBMITTED)
    file = ReviewAttachmentFactory(review=review)
    message = thread.post(review.referral, "Bonjour", by=people["officer"])
    _other, contact, approver = another(people)
    probes = [
        ("get", url("instruction", review)),
        ("post", url("instruction", review)),
        ("get", url("instruction-check", review)),
        ("get", url("instruction-visa", review)),
        ("post", url("instruction-visa", review)),
        ("post", url("instruction-step", review, "a-reprendre")),
        ("post", url("instruction-file-add", review)),
        ("post", url("instruction-file-remove", review, file.pk)),
        ("get", url("instruction-thread", review.referral)),
        ("post", url("instruction-thread", review.referral)),
        ("post", url("thread-withdraw", message)),
        ("get", reverse("documents:upload", args=[file.upload.public_id])),
        ("get", url("review", review)),
        ("get", url("reviews", review.referral)),
        ("get", url("compare", review.referral)),
        ("get", url("scoping-note", review.referral)),
    ]
    for user in (contact, approver):
        browser = signed_in(user)
        assert [(step_name, path, getattr(browser, step_name)(path).status_code) for step_name, path in probes] == [
            (step_name, path, 403 if path.startswith("/bureau/") else 404) for step_name, path in probes
        ]


def test_the_room_lists_by_days_left_and_says_what_is_given(signed_in, people):
    late = asked_of(people, due_on=in_days(-2))
    DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate, given=True)
    text = signed_in("dir_contact").get("/instructions/").content.decode()
    assert "Encore un dossier à traiter" in text
    assert "1 contribution rendue sur 2" in text
    assert "En retard" in text
    assert url("instruction", late) in text


def test_the_room_is_calm_when_nothing_waits(signed_in, people):
    text = signed_in("dir_contact").get("/instructions/").content.decode()
    assert "Aucun dossier ne vous attend" in text


def test_only_the_approver_is_asked_for_the_visa(signed_in, people):
    asked_of(people, ReviewState.SUBMITTED)
    assert "À viser" in signed_in("dir_approver").get("/instructions/").content.decode()
    assert "À viser :" not in signed_in("dir_contact").get("/instructions/").content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_with_more_of_everything(signed_in, people, many, django_assert_num_queries):
    review = asked_of(people)
    for at in range(many):
        directorate, _contact, _approver = another(people, f"Direction {at} bis", code=f"bis-{at}")
        DirectorateReviewFactory(referral=review.referral, directorate=directorate, given=True)
        thread.post(review.referral, f"Bonjour {at}", by=people["officer"])
        ReviewAttachmentFactory(review=review)
    browser = signed_in("dir_contact")
    browser.get(url("instruction", review))
    with django_assert_num_queries(18):
        browser.get(url("instruction", review))


@pytest.mark.parametrize("many", [1, 3])
def test_the_room_costs_the_same_with_more_files(signed_in, people, many, django_assert_num_queries):
    for _at in range(many):
        asked_of(people)
        DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate, given=True)
    browser = signed_in("dir_contact")
    browser.get("/instructions/")
    with django_assert_num_queries(11):
        browser.get("/instructions/")


@pytest.mark.parametrize("many", [3, 9])
def test_the_room_reads_the_files_that_it_shows(signed_in, people, many, monkeypatch):
    monkeypatch.setattr(contributions, "SHOWN", 2)
    people["dir_approver"]
    for at in range(many):
        asked_of(people, ReviewState.SUBMITTED, due_on=in_days(at + 1))
        DirectorateReviewFactory(referral__term=people.term, directorate=people.directorate, given=True)
        asked_of(people, ReviewState.DECLINED, reason="Rien à dire.")
        asked_of(people, due_on=in_days(at + 1))
    browser = signed_in("dir_contact")
    browser.get("/instructions/")
    with made(DirectorateReview) as reviews:
        page = browser.get("/instructions/").content.decode()
    assert len(reviews) == 6  # the next one, two at the visa, two given, the first of the others
    assert f"{many} contributions rendues sur {4 * many}" in page
    assert f"Et {many - 2} autre" in page
    assert page.count("Attend le visa") == page.count("Rendu le") == 2


def test_the_room_shows_the_most_pressing_first_and_the_latest_given(people, monkeypatch):
    monkeypatch.setattr(contributions, "SHOWN", 1)
    asked_of(people, due_on=in_days(9))
    near = asked_of(people, due_on=in_days(2))
    asked_of(people, ReviewState.SUBMITTED, due_on=in_days(8))
    sent = asked_of(people, ReviewState.SUBMITTED, due_on=in_days(3))
    given = [asked_of(people, ReviewState.VALIDATED, due_on=in_days(at)) for at in (1, 5)]
    widgets = contributions.directorate_widgets(people["dir_contact"], people.term)
    progress, *lists = (widget.context for widget in widgets)
    waiting, left = (context["reviews"] for context in lists)
    assert progress == {"given": 2, "asked": 6, "at_visa": 2, "next": near}
    assert (waiting, left) == ([sent], [max(given, key=lambda review: review.validated_at)])


def test_the_room_of_an_approver_asks_for_the_visa_next(people):
    sent = asked_of(people, ReviewState.SUBMITTED)
    (progress,) = contributions.directorate_widgets(people["dir_approver"], people.term)
    assert progress.context["next"] == sent


def typing(browser, review, seen, **grid):
    """Return an autosaving page that was rendered when the review had the values `seen`."""
    data = {**seen, **{f"initial-{name}": words for name, words in seen.items()}, **grid, "version": 0}
    return browser.post(url("instruction", review), data, headers={"Accept": "application/json"})


def test_colleagues_save_field_by_field(signed_in, people):
    review = written(asked_of(people, ReviewState.DRAFTED))
    contact, approver = signed_in("dir_contact"), signed_in("dir_approver")
    page = contact.get(url("instruction", review)).content.decode()
    assert f'name="initial-summary" value="{GRID["summary"]}"' in page
    assert typing(approver, review, GRID, legal="Le code.").json()["theirs"] == {}
    told = typing(contact, review, GRID, summary="Mieux.").json()
    assert (told["version"], told["theirs"]) == (2, {"legal": "Le code."})
    late = typing(contact, review, GRID, legal="Autre chose.")
    assert (late.status_code, late.json()["theirs"]) == (409, {"legal": "Le code."})
    assert "Le code." in late.json()["panel"]
    assert "Mieux." not in late.json()["panel"]


def test_both_texts_of_one_field_without_script(signed_in, people):
    """The page comes back with both texts; sent again, it writes mine and leaves what else was written."""
    review = written(asked_of(people, ReviewState.DRAFTED))
    browser, seen = signed_in("dir_contact"), {**GRID}
    typing(signed_in("dir_approver"), review, GRID, summary="Le sien.", legal="Le code.")
    data = {**seen, **{f"initial-{name}": words for name, words in seen.items()}, "summary": "Le mien.", "version": 0}
    page = browser.post(url("instruction", review), data)
    assert page.status_code == 409
    again = {name: field.value() or "" for name in GRID for field in [page.context["form"][name]]}
    bases = {f"initial-{name}": page.context["form"].bases()[name] for name in GRID}
    version = page.context["form"]["version"].value()
    assert browser.post(url("instruction", review), {**again, **bases, "version": version}).status_code == 302
    review.refresh_from_db()
    assert (review.summary, review.legal) == ("Le mien.", "Le code.")


def test_who_writes_where_is_told_to_the_colleagues_alone(signed_in, people):
    review = written(asked_of(people, ReviewState.DRAFTED))
    contact, approver = signed_in("dir_contact"), signed_in("dir_approver")

    def tell(browser, field, version=0):
        return browser.post(url("instruction-presence", review), {"field": field, "version": version})

    assert tell(approver, "legal").json() == {"writers": []}
    told = tell(contact, "summary").json()["writers"]
    assert told == [{"name": people["dir_approver"].get_full_name(), "field": "legal"}]
    typing(approver, review, GRID, legal="Le code.")
    assert tell(contact, "summary").json()["theirs"]["legal"] == "Le code."
    assert tell(contact, "password").status_code == 422
    _other, stranger, _approver = another(people)
    assert signed_in(stranger).post(url("instruction-presence", review), {"version": 0}).status_code == 404
