"""A directorate's agent on a telephone: typed, saved, reread, sent, signed; two agents at once; no script."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import DirectorateReview, EditionKind, ReviewEdition, ReviewState, ThreadMessage
from consultations.reviews.actions import answering, thread
from tests.browsing import StrictClient
from tests.consultations.desk import GRID, another, asked_of, in_days, written
from tests.e2e.accessibility import assert_usable
from tests.e2e.slow_line import LateScript
from tests.e2e.test_minutes import shot
from tests.factories.consultations import DirectorateReviewFactory, VisaLevelFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def review(site, people):
    """Make a review due in three days; another directorate has answered, one message in the thread."""
    people["dir_approver"]
    found = asked_of(people, due_on=in_days(3), message="Dites-nous ce que le Département fait déjà.")
    directorate, _contact, _approver = another(people)
    other = DirectorateReviewFactory(referral=found.referral, directorate=directorate, given=True)
    written(other, summary="Le transport à la demande couvre 12 communes.")
    thread.post(found.referral, "Pouvez-vous préciser le nombre de places ?", by=people["officer"])
    return found


def page_of(review, name="instruction"):
    return reverse(f"consultations:{name}", args=[review.pk])


def enter_just_now(context, site, people, who):
    """Set a session with a fresh proof of identity, which the visa needs."""
    client = StrictClient().enter(people.ready(people[who]))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])


def fresh(review):
    return DirectorateReview.objects.get(pk=review.pk)


def test_from_the_first_word_to_the_visa_on_a_telephone(page, sign_in, people, open_context, site, review):
    sign_in(page.context, "dir_contact")
    page.set_viewport_size(PHONE)
    page.goto("/instructions/")
    shot(page, "instructions")
    page.get_by_role("link", name="Rendre la contribution suivante").click()
    page.get_by_label("Votre contribution, en quelques phrases").fill("Faisable dans 31 collèges.")
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    page.get_by_role("group", name="Est-ce de la compétence du Département ?").get_by_label("Oui").check()
    page.get_by_label("Oui, avec des conditions").check()
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert_usable(page)
    shot(page, "instruction")
    page.get_by_role("button", name="Relire avant de rendre").click()
    expect(page.get_by_role("heading", name="Relire avant de rendre")).to_be_visible()
    assert_usable(page)
    shot(page, "instruction-relire")
    page.get_by_role("button", name="Envoyer au visa").click()
    expect(page.locator("#messages")).to_contain_text("envoyée au visa")
    assert fresh(review).state == ReviewState.SUBMITTED
    context = open_context()
    enter_just_now(context, site, people, "dir_approver")
    desk = context.new_page()
    desk.goto(page_of(review, "instruction-visa"))
    assert_usable(desk)
    desk.get_by_role("button", name="Donner mon visa et rendre la contribution").click()
    expect(desk.locator("#messages")).to_contain_text("rendue à l’Assemblée")
    assert fresh(review).state == ReviewState.VALIDATED


def test_words_typed_before_the_script_came_are_saved(page, sign_in, review):
    sign_in(page.context, "dir_contact")
    late = LateScript(page, "**/js/ui/autosave.js*")
    page.goto(page_of(review), wait_until="commit")
    page.get_by_label("Votre contribution, en quelques phrases").fill("Tapé sur une ligne lente.")
    expect(page.locator("#save-state")).to_contain_text("Rien n’est encore écrit")
    late.come()
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert fresh(review).summary == "Tapé sur une ligne lente."


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_agents_at_once_lose_nothing(page, sign_in, people, review, choice):
    sign_in(page.context, "dir_contact")
    page.route("**/presence/", lambda route: route.abort())  # else the other text may come before the first word
    page.goto(page_of(review))
    answering.save(review, {**GRID, "summary": "Le texte de la directrice."}, version=0, by=people["dir_approver"])
    box = page.get_by_label("Votre contribution, en quelques phrases")
    box.fill("Mes mots.")
    conflict = page.locator("[data-assembly-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text(people["dir_approver"].get_full_name())
    expect(conflict).to_contain_text("Le texte de la directrice.")
    expect(conflict).to_contain_text("Mes mots.")
    shot(page, "instruction-conflit")
    if choice == "mine":
        page.get_by_role("button", name="Garder mon texte").click()
        expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
        assert fresh(review).summary == "Mes mots."
    else:
        page.get_by_role("link", name="Reprendre l’autre texte").click()
        expect(box).to_have_value("Le texte de la directrice.")
        assert fresh(review).summary == "Le texte de la directrice."
    assert ReviewEdition.objects.get(kind=EditionKind.CONFLICT_COPY).content["summary"] == "Mes mots."


def test_two_agents_in_two_fields_see_each_other_and_meet_no_conflict(page, sign_in, people, open_context, review):
    sign_in(page.context, "dir_contact")
    context = open_context()
    sign_in(context, "dir_approver")
    beside = context.new_page()
    page.goto(page_of(review))
    beside.goto(page_of(review))
    beside.locator("[name=legal]").fill("Le code de l’action sociale.")
    expect(beside.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    page.locator("[name=summary]").fill("Mes mots.")
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    expect(page.locator("[name=legal]")).to_have_value("Le code de l’action sociale.")
    expect(page.locator("[data-assembly-conflict]")).to_have_count(0)
    page.locator("[name=experts]").focus()
    writer = page.locator("[data-assembly-writer=legal]")
    expect(writer).to_have_text(f"{people['dir_approver'].get_full_name()} écrit ici")
    shot(page, "instruction-a-deux")
    assert_usable(page)
    assert (fresh(review).summary, fresh(review).legal) == ("Mes mots.", "Le code de l’action sociale.")
    # The same field: both texts, and the choice is kept. The later page does not hear of the other's words before.
    beside.route("**/presence/", lambda route: route.abort())
    page.locator("[name=legal]").fill("Le code général des collectivités.")
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    beside.locator("[name=legal]").fill("Aucun.")
    expect(beside.locator("[data-assembly-conflict]")).to_contain_text("Le code général des collectivités.")
    expect(beside.locator("[data-assembly-conflict]")).not_to_contain_text("Mes mots.")
    beside.get_by_role("button", name="Garder mon texte").click()
    expect(beside.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert (fresh(review).summary, fresh(review).legal) == ("Mes mots.", "Aucun.")


def test_selected_words_become_the_passage_of_a_comment(page, sign_in, people, review):
    written(review, state=ReviewState.DRAFTED)
    answering.submit(review, version=0, by=people["dir_contact"])
    sign_in(page.context, "dir_approver")
    page.goto(page_of(review))
    passage = page.locator("[data-assembly-passage=summary]")
    passage.locator("p").first.select_text()
    page.get_by_role("button", name="Commenter ce passage").click()
    expect(page.locator("[name=quote]")).to_have_value(GRID["summary"])
    expect(page.locator("#comment_body")).to_be_focused()
    page.keyboard.type("Lesquels ?")
    assert_usable(page)
    shot(page, "instruction-commenter")
    page.get_by_role("button", name="Noter ce commentaire").click()
    expect(page.locator("#messages")).to_contain_text("commentaire est noté")
    assert ThreadMessage.objects.get(review=review).quote == GRID["summary"]


SLOW_FIRST = """
const asked = window.fetch;
let isFirst = true;
window.fetch = async (address, ...rest) => {
  if (!String(address).includes("presence")) return asked(address, ...rest);
  const isLate = isFirst;
  isFirst = false;
  if (isLate) await new Promise((done) => setTimeout(done, 1500));
  const answer = await asked(address, ...rest);
  if (isLate) window.lateIsAnswered = true;
  return answer;
};
"""


def test_the_place_told_last_stands_though_the_one_before_was_slow(page, sign_in, people, open_context, review):
    context = open_context()
    sign_in(context, "dir_approver")
    beside = context.new_page()
    beside.add_init_script(SLOW_FIRST)
    beside.goto(page_of(review))
    with beside.expect_response(lambda answer: "field=legal" in (answer.request.post_data or "")):
        beside.locator("[name=legal]").focus()
    beside.wait_for_function("window.lateIsAnswered")
    sign_in(page.context, "dir_contact")
    page.goto(page_of(review))
    name = people["dir_approver"].get_full_name()
    expect(page.locator("[data-assembly-writer=legal]")).to_have_text(f"{name} écrit ici", timeout=5000)


@pytest.mark.long
def test_the_pages_of_the_house_are_usable(page, sign_in, people, review):
    VisaLevelFactory(directorate=people.directorate, holder=people["dir_contact"], name="Chef de service")
    sign_in(page.context, "dir_approver")
    for name, path in (
        ("circuit", reverse("consultations:visa-levels")),
        ("circuit-ajouter", reverse("consultations:visa-level-add", args=[people.directorate.pk])),
        ("copie", page_of(review, "instruction-readers")),
        ("word", page_of(review, "instruction-word-in")),
        ("interne", page_of(review, "instruction-inside")),
    ):
        page.goto(path)
        assert_usable(page)
        shot(page, f"instruction-{name}")


def test_a_name_is_proposed_after_an_at_sign(page, sign_in, people, review):
    sign_in(page.context, "dir_contact")
    page.goto(page_of(review))
    box = page.get_by_label("Votre message")
    box.click()
    box.press_sequentially(f"Voir @{people['officer'].person.first_name[:3]}")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Écrire dans le fil").click()
    expect(page.locator("#messages")).to_contain_text("dans le fil")
    assert ThreadMessage.objects.filter(author=people["dir_contact"]).exists()


def test_without_script_the_same_page_works(open_context, sign_in, people, review):
    context = open_context(java_script_enabled=False)
    sign_in(context, "dir_contact")
    page = context.new_page()
    page.goto(page_of(review))
    page.get_by_label("Votre contribution, en quelques phrases").fill("Sans script.")
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("#messages")).to_contain_text("Votre brouillon est enregistré")
    assert fresh(review).summary == "Sans script."


@pytest.mark.long
@pytest.mark.parametrize("name", ["reviews", "compare", "thread", "scoping-note", "review-ask"])
def test_the_bureau_s_pages_are_usable(page, sign_in, review, name):
    sign_in(page.context, "officer")
    page.goto(reverse(f"consultations:{name}", args=[review.referral_id]))
    assert_usable(page)
    shot(page, f"saisine-{name}")


@pytest.mark.long
def test_the_other_pages_of_the_room_are_usable(page, sign_in, review):
    sign_in(page.context, "dir_approver")
    for path in (
        reverse("consultations:delegations"),
        page_of(review.referral, "instruction-thread"),
        reverse("consultations:instruction-step", args=[review.pk, "passer"]),
    ):
        page.goto(path)
        assert_usable(page)


@pytest.mark.long
def test_the_page_of_one_review_and_its_steps_are_usable(page, sign_in, review):
    sign_in(page.context, "officer")
    for path in (page_of(review, "review"), reverse("consultations:review-step", args=[review.pk, "date"])):
        page.goto(path)
        assert_usable(page)
