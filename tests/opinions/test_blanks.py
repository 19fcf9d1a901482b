"""What is empty in a text is listed, then confirmed: before a group validates, before uniting, before tabling."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.collab.actions import texts
from assembly.collab.document import grammar, writing
from opinions.models import Opinion, OpinionSection, OpinionState, SectionState
from opinions.opinions.queries import OpinionFigures
from opinions.pages import status_of
from opinions.versions.rules import blanks
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory, ServicesRequestFactory
from tests.factories.sessions import SittingFactory

S = OpinionState
TODAY = f"{timezone.localdate():%Y-%m-%d}"
SIX = ("problem", "proposal", "audience", "decider", "means", "measure")
ALL = dict.fromkeys(("ask_services", "consolidate", "table", "freeze", "parts", "follow_checks"), True)


def url(name, *args):
    return reverse(f"opinions:{name}", args=args)


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


def tree(*blocks):
    return grammar.tree_document(*blocks)


# --- what is empty -------------------------------------------------------------------------------------------------


def test_every_question_without_an_answer_is_told_with_its_recommendation():
    half = grammar.recommendation("Ouvrir un guichet", {"problem": "Trop loin.", "proposal": "Un guichet."})
    found = blanks(tree(half, grammar.recommendation("", {})))
    assert [(blank.title, [str(words).replace("\u00a0", " ") for words in blank.missing]) for blank in found] == [
        (
            "Ouvrir un guichet",
            ["Pour qui ?", "Qui décide ?", "Avec quels moyens ?", "Comment saurons-nous que c’est fait ?"],
        ),
        (
            "Préconisation 2, sans titre",
            [
                "Titre",
                "Quel est le problème ?",
                "Que proposons-nous ?",
                "Pour qui ?",
                "Qui décide ?",
                "Avec quels moyens ?",
                "Comment saurons-nous que c’est fait ?",
            ],
        ),
    ]


def test_spaces_are_no_answer_and_a_list_is_one():
    listed = [{"type": "bulletList", "content": [{"type": "listItem", "content": [grammar.paragraph("Un bus")]}]}]
    given = dict.fromkeys(SIX, "Oui.") | {"means": listed, "measure": " \u00a0 "}
    (found,) = blanks(tree(grammar.recommendation("Bouger", given)))
    assert [str(words).replace("\u00a0", " ") for words in found.missing] == ["Comment saurons-nous que c’est fait ?"]


def test_a_title_without_a_word_below_is_told_and_a_chapter_of_titles_is_not():
    made = tree(
        grammar.heading("Vivre", 2),
        grammar.heading("Chez soi", 3),
        grammar.paragraph("Des mots."),
        grammar.heading("Ailleurs", 2),
        grammar.paragraph(""),
        grammar.heading("Enfin", 2),
        grammar.recommendation("Bouger", dict.fromkeys(SIX, "Oui.")),
    )
    assert [(blank.title, [str(word) for word in blank.missing]) for blank in blanks(made)] == [
        ("Ailleurs", ["aucun texte"])
    ]


def test_a_whole_text_has_nothing_empty():
    assert blanks(tree(grammar.recommendation("Bouger", dict.fromkeys(SIX, "Oui.")))) == []


# --- listed, then confirmed ----------------------------------------------------------------------------------------


@pytest.fixture
def opened(people, signed_in, db):
    """Make one group with a new text: two titles and a sheet, all empty."""
    opinion = OpinionFactory(term=people.term)
    OpinionSectionFactory(opinion=opinion, bare=True, title="Habiter")
    browser = signed_in("officer")
    browser.post(url("step", opinion.pk, "confier"))
    return browser, Opinion.objects.get(pk=opinion.pk), OpinionSection.objects.get(opinion=opinion)


def filled(section, people):
    sheet = grammar.recommendation("Bouger", dict.fromkeys(SIX, "Oui."))
    texts.edit(section.text, lambda doc: writing.replace_all(doc, tree(sheet)), by=people["officer"])


def test_a_group_confirms_what_is_empty_before_it_validates(opened):
    browser, _opinion, section = opened
    page = words_of(browser.get(url("section-validate", section.pk)))
    assert "8 passages sont vides" in page
    assert "Ce que nous avons constaté" in page
    assert "Qui décide ?" in page
    data = {"on": TODAY, "mode": "consent"}
    refused = browser.post(url("section-validate", section.pk), data)
    assert refused.status_code == 422
    assert "Cochez la case" in words_of(refused)
    section.refresh_from_db()
    assert section.state == SectionState.DRAFTING
    assert browser.post(url("section-validate", section.pk), data | {"blanks_seen": "on"}).status_code == 302
    section.refresh_from_db()
    assert section.state == SectionState.VALIDATED


def test_a_whole_text_asks_no_confirmation(opened, people):
    browser, opinion, section = opened
    filled(section, people)
    assert "blanks_seen" not in words_of(browser.get(url("section-validate", section.pk)))
    assert browser.post(url("section-validate", section.pk), {"on": TODAY, "mode": "consent"}).status_code == 302
    assert "blanks_seen" not in words_of(browser.get(url("step", opinion.pk, "reunir")))
    assert browser.post(url("step", opinion.pk, "reunir")).status_code == 302


def test_uniting_and_tabling_list_what_is_empty_then_ask(opened, people):
    browser, opinion, section = opened
    browser.post(url("section-validate", section.pk), {"on": TODAY, "mode": "consent", "blanks_seen": "on"})
    sitting = SittingFactory(term=people.term)
    steps = (("reunir", {}, S.CONSOLIDATED), ("deposer", {"sitting": sitting.pk, "open_at": "", "close_at": ""}, None))
    for slug, data, state in steps:
        before = Opinion.objects.get(pk=opinion.pk).state
        page = words_of(browser.get(url("step", opinion.pk, slug)))
        assert re.search(r"\d+ passages sont vides", page), slug
        assert "Préconisation 1, sans titre" in page
        assert browser.post(url("step", opinion.pk, slug), data).status_code == 422
        assert Opinion.objects.get(pk=opinion.pk).state == before
        assert browser.post(url("step", opinion.pk, slug), data | {"blanks_seen": "on"}).status_code == 302
        after = Opinion.objects.get(pk=opinion.pk).state
        assert after == (state or S.AMENDING)


# --- no irreversible step on the big button while somebody is awaited -----------------------------------------------


def test_uniting_is_no_big_button_while_a_directorate_reads():
    opinion = Opinion(pk=7, state=S.SERVICES_CHECK)
    waits = status_of(opinion, OpinionFigures(checks=2, checks_given=1, checks_waited=["Autonomie"]), ALL)
    assert (waits.url, waits.label) == (url("checks", 7), "Voir qui lit encore")
    ready = status_of(opinion, OpinionFigures(checks=2, checks_given=2), ALL)
    assert (ready.url, ready.label) == (url("step", 7, "reunir"), "Réunir les textes")


def test_freezing_is_no_big_button_while_amendments_may_come():
    now = timezone.now()
    hour = timedelta(hours=1)
    opinion = Opinion(pk=7, state=S.AMENDING, amendments_open_at=now - hour, amendments_close_at=now + hour)
    opinion.tabled_sitting = None
    assert status_of(opinion, OpinionFigures(), ALL).url == ""
    opinion.amendments_close_at = now - hour
    assert status_of(opinion, OpinionFigures(), ALL).url == url("step", 7, "figer")


def test_uniting_stays_among_the_other_steps_while_a_directorate_reads(people, signed_in, db):
    opinion = OpinionFactory(term=people.term, state=S.SERVICES_CHECK)
    OpinionSectionFactory(opinion=opinion)
    ServicesRequestFactory(opinion=opinion, directorate=people.directorate)
    page = signed_in("officer").get(url("opinion", opinion.pk))
    assert page.context["frame"].status.url == url("checks", opinion.pk)
    assert url("step", opinion.pk, "reunir") in [link.url for link in page.context["frame"].links]
