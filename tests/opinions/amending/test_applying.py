"""From a text and what was adopted to the next text: the same in any order, nothing lost, nothing else moved."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from assembly.collab.document.plain_text import alineas
from assembly.collab.document.schema import check as check_schema
from opinions.amending.applying import apply_changes, check_change, falls
from opinions.amending.changes import Operation, new_text
from opinions.amending.passages import Text, in_call_order
from tests.opinions.amending.trees import (
    AFTER,
    BEFORE,
    DELETE,
    REPLACE,
    advice,
    bullets,
    change,
    doc,
    head,
    number_of,
    par,
    proposals,
    quotation,
    spoken,
    table,
    text,
    texts,
    words,
)

STORY = doc(head("Vieillir chez soi"), par("Le constat est simple."), bullets("Un", "Deux", "Trois"), par("La fin."))


def compatible(tree, changes):
    """Return the changes that the text allows and that do not conflict; earlier ones win."""
    whole, kept = Text(tree), []
    for one in changes:
        try:
            check_change(tree, one)
        except ValidationError:
            continue
        if not any(falls(whole, one, other) or falls(whole, other, one) for other in kept):
            kept.append(one)
    return kept


def story(rank, *instead):
    """Return the story with one of its blocks changed."""
    blocks = STORY["content"]
    return doc(*blocks[:rank], *instead, *blocks[rank + 1 :])


def said(words):
    return story(1, par(words))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (change(1, DELETE, 2), story(1)),
        (change(1, REPLACE, 2, new="Autre."), said("Autre.")),
        (change(1, REPLACE, 1, new="Rester chez soi"), story(0, head("Rester chez soi"))),
        (change(1, AFTER, 5, new="Quatre"), story(2, bullets("Un", "Deux", "Trois", "Quatre"))),
        (change(1, BEFORE, 4, new="Un et demi"), story(2, bullets("Un", "Un et demi", "Deux", "Trois"))),
        (change(1, AFTER, 5, blocks=[head("Suite")]), story(2, bullets("Un", "Deux", "Trois"), head("Suite"))),
        (change(1, REPLACE, 3, 5, new="Rien."), story(2, bullets("Rien."))),
        (change(1, REPLACE, 3, 5, blocks=[head("Titre")]), story(2, head("Titre"))),
        (change(1, DELETE, 2, 3), doc(head("Vieillir chez soi"), bullets("Deux", "Trois"), par("La fin."))),
        (change(1, DELETE, 3, 5), story(2)),
        (change(1, DELETE, 1, 6), doc({"type": "paragraph"})),
        (change(1, REPLACE, 2, quote="est simple", new="est grave"), said("Le constat est grave.")),
        (change(1, DELETE, 2, quote="est"), said("Le constat simple.")),
        (change(1, DELETE, 2, quote="simple"), said("Le constat est.")),
        (change(1, DELETE, 2, quote="Le"), said("constat est simple.")),
        (change(1, AFTER, 2, quote="est", new="très"), said("Le constat est très simple.")),
        (change(1, AFTER, 2, quote="simple", new=", hélas"), said("Le constat est simple, hélas.")),
        (change(1, BEFORE, 2, quote="Le", new="Ici,"), said("Ici, Le constat est simple.")),
    ],
)
def test_one_change_does_what_it_says(one, expected):
    assert apply_changes(STORY, [one]) == expected


def test_marks_stay_on_the_words_around_a_quotation():
    content = [text("Une "), text("aide simple", "bold"), text(" pour tous.")]
    tree = doc({"type": "paragraph", "content": content})
    after = apply_changes(tree, [change(1, REPLACE, 1, quote="simple pour", new="claire pour")])
    assert after["content"][0]["content"] == [text("Une "), text("aide claire pour", "bold"), text(" tous.")]
    assert tree["content"][0]["content"] == content


@pytest.mark.parametrize("typed", ["l'été », dit", "l’été\u00a0», dit", "l’été », dit"])
def test_a_quotation_is_found_whatever_the_keyboard(typed):
    tree = doc(par("« Voici l’été\u00a0», dit-elle."))
    assert words(apply_changes(tree, [change(1, REPLACE, 1, quote=typed, new="ici")])) == ["«", "Voici", "ici-elle."]


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (change(1, DELETE, 9), "n’est pas dans le texte"),
        (change(1, DELETE, 6, 7), "n’est pas dans le texte"),
        (change(1, DELETE, 2, quote="absent"), "ne sont pas dans l’alinéa"),
        (change(1, DELETE, 2, quote="st"), "ne sont pas dans l’alinéa"),
        (change(1, REPLACE, 2, 3, new="Rien."), "qui se suivent"),
        (change(1, AFTER, 3, blocks=[head("Titre")]), "n’a pas sa place ici"),
    ],
)
def test_what_the_text_cannot_take_is_refused_with_a_sentence(one, sentence):
    with pytest.raises(ValidationError) as refused:
        check_change(STORY, one)
    assert sentence in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(BEFORE, "est", "vraiment"), (DELETE, "est", "")], "Le constat vraiment simple."),
        ([(AFTER, "est", "vraiment"), (DELETE, "est", "")], "Le constat vraiment simple."),
        ([(BEFORE, "simple", "net"), (DELETE, "simple", "")], "Le constat est net."),
        ([(DELETE, "est", ""), (DELETE, "simple", "")], "Le constat."),
        ([(DELETE, "Le", ""), (DELETE, "constat", "")], "est simple."),
        ([(DELETE, "constat", ""), (REPLACE, "est", "paraît")], "Le paraît simple."),
    ],
)
def test_edits_side_by_side_keep_their_words_and_one_space(edits, expected):
    """What is put at the edge of words that go is not taken with them."""
    changes = [change(n, how, 2, quote=quote, new=new) for n, (how, quote, new) in enumerate(edits, 1)]
    assert apply_changes(STORY, changes) == said(expected)
    assert apply_changes(STORY, changes[::-1]) == said(expected)


def test_words_that_stand_twice_must_be_quoted_longer():
    tree = doc(par("Une aide, une aide simple."))
    with pytest.raises(ValidationError, match="plusieurs fois"):
        check_change(tree, change(1, DELETE, 1, quote="aide"))
    assert words(apply_changes(tree, [change(1, DELETE, 1, quote="aide simple")])) == ["Une", "aide,", "une."]


def test_a_recommendation_keeps_its_title_and_its_six_questions():
    tree = doc(par("Avant."), advice("Titre", "a", "b", "c", "d", "e", "f"), par("Après."))
    with pytest.raises(ValidationError, match="garde un titre"):
        check_change(tree, change(1, DELETE, 2))
    emptied = apply_changes(tree, [change(1, DELETE, 3)])
    assert emptied["content"][1]["content"][1]["content"] == [{"type": "paragraph"}]
    assert apply_changes(tree, [change(1, DELETE, 2, 8)]) == doc(par("Avant."), par("Après."))
    retitled = apply_changes(tree, [change(1, REPLACE, 2, new="Autre titre")])
    assert retitled["content"][1]["content"][0] == {"type": "recommendationTitle", "content": [text("Autre titre")]}
    longer = apply_changes(tree, [change(1, AFTER, 3, new="a bis")])
    assert longer["content"][1]["content"][1]["content"] == [par("a"), par("a bis")]
    other = advice("Neuve", *"ghijkl", node_id="6a0f0b1e-0000-4000-8000-000000000002")
    assert apply_changes(tree, [change(1, AFTER, 8, blocks=[other])])["content"][2] == other


def test_a_row_goes_whole_and_a_cell_is_changed_by_its_words():
    tree = doc(table(["un", "deux"], ["trois", "quatre"]), par("Fin."))
    assert apply_changes(tree, [change(1, DELETE, 1)]) == doc(table(["trois", "quatre"]), par("Fin."))
    assert apply_changes(tree, [change(1, DELETE, 1, 2)]) == doc(par("Fin."))
    assert apply_changes(tree, [change(1, REPLACE, 2, quote="quatre", new="4")])["content"][0] == table(
        ["un", "deux"], ["trois", "4"]
    )
    with pytest.raises(ValidationError, match="ne sont pas dans"):
        check_change(tree, change(1, DELETE, 2, quote="trois quatre"))
    with pytest.raises(ValidationError, match="n’a pas sa place ici"):
        check_change(tree, change(1, AFTER, 1, new="Ligne"))
    assert apply_changes(tree, [change(1, AFTER, 2, new="Suite.")])["content"][1] == par("Suite.")
    assert apply_changes(tree, [change(1, REPLACE, 1, 2, new="Rien.")]) == doc(par("Rien."), par("Fin."))


def test_an_item_with_a_list_in_it_keeps_its_list():
    inner = bullets("dedans")
    tree = doc({"type": "bulletList", "content": [{"type": "listItem", "content": [par("ligne"), inner]}]})
    emptied = apply_changes(tree, [change(1, DELETE, 1)])
    assert emptied["content"][0]["content"][0]["content"] == [{"type": "paragraph"}, inner]
    assert apply_changes(tree, [change(1, DELETE, 1, 2)]) == doc({"type": "paragraph"})
    assert words(apply_changes(tree, [change(1, REPLACE, 1, new="autre")])) == ["autre", "dedans"]


def test_sub_amendments_change_the_new_text_of_their_parent():
    parent = change(1, REPLACE, 2, new="Le constat est très grave.")
    sub = change(2, DELETE, 1, quote="très", parent=1)
    assert apply_changes(STORY, [parent, sub])["content"][1] == par("Le constat est grave.")
    assert apply_changes(STORY, [sub]) == STORY
    inside = change(3, REPLACE, 2, quote="simple", new="assez net")
    deeper = change(4, REPLACE, 1, quote="assez", new="plutôt", parent=3)
    assert apply_changes(STORY, [deeper, inside])["content"][1] == par("Le constat est plutôt net.")
    assert new_text(inside) == doc(par("assez net"))


def test_several_texts_added_at_one_place_stand_in_order_of_call():
    short, long = change(1, AFTER, 2, new="Court."), change(2, AFTER, 2, new="Bien plus long que le premier.")
    after = apply_changes(STORY, [short, long])
    assert after == apply_changes(STORY, [long, short])
    assert after["content"][2:4] == [par("Bien plus long que le premier."), par("Court.")]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_the_order_of_recording_changes_nothing_and_the_schema_holds(data):
    tree = data.draw(texts())
    changes = compatible(tree, data.draw(proposals(tree)))
    once = apply_changes(tree, changes)
    assert apply_changes(tree, data.draw(st.permutations(changes))) == once
    assert check_schema(once)["type"] == "doc"


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_nothing_is_lost_and_nothing_else_moves(data):
    """Untouched alinéas stand word for word in their order; new words are there once; taken words are gone."""
    tree = data.draw(texts())
    changes = compatible(tree, data.draw(proposals(tree)))
    after = apply_changes(tree, changes)
    taken = {n for one in changes if one.is_whole and not one.is_insertion for n in one.alineas}
    touched = taken | {one.first for one in changes if not one.is_whole}
    kept = [alinea.text for alinea in alineas(tree) if alinea.number not in touched]
    found = [alinea.text for alinea in alineas(after)]
    assert [said for said in found if said in kept] == kept
    everything = words(after)
    for one in changes:
        for word in (one.new_text if one.quote else " ".join(words(new_text(one)))).split():
            assert everything.count(word) + everything.count(f"{word}.") == 1
    struck = {one.quote for one in changes if one.quote and not one.is_insertion}
    for alinea in alineas(tree):
        for word in spoken(alinea):
            there = sum(found.strip(".") == word for found in everything)
            assert there == (0 if alinea.number in taken or word in struck else 1), word


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_all_at_once_is_one_by_one(data):
    """As a clerk would do it by hand: each in the text of that moment, its passage found again by its words."""
    tree = data.draw(texts())
    changes = compatible(tree, data.draw(proposals(tree)))
    now = tree
    for one in by_hand(tree, changes):
        now = apply_changes(now, [moved(tree, now, one)])
    assert now == apply_changes(tree, changes)


def by_hand(tree, changes):
    """Additions first, while their neighbours still stand (from the last called where each goes nearest), the words
    inside alinéas, then what goes."""
    order = in_call_order(tree, changes)
    after = [one for one in order if one.is_whole and one.operation == AFTER]
    before = [one for one in order if one.is_whole and one.operation == BEFORE]
    inside = [one for one in order if not one.is_whole]
    rest = [one for one in order if one.is_whole and not one.is_insertion]
    added = [one for one in inside if one.operation == AFTER]
    put = [one for one in inside if one.operation == BEFORE]
    struck = [one for one in inside if not one.is_insertion]
    return [*reversed(after), *before, *reversed(added), *put, *struck, *rest]


def moved(tree, now, one):
    """Return the same change with the alinéa numbers of the current text."""
    marks = {alinea.number: spoken(alinea) for alinea in alineas(tree)}
    places = {n: next((p for word in marks[n] if (p := number_of(now, word))), None) for n in marks}
    numbers = [places[n] for n in one.alineas if places[n] is not None]
    return replace(one, first=numbers[0], last=numbers[-1])


def test_operations_are_all_tried():
    assert {REPLACE, DELETE, AFTER, BEFORE} == set(Operation)


def test_quotations_inside_a_quotation_block_and_after_a_break():
    tree = doc(
        quotation("Un mot."), {"type": "paragraph", "content": [text("Ligne"), {"type": "hardBreak"}, text("suite")]}
    )
    after = apply_changes(tree, [change(1, REPLACE, 2, quote="suite", new="fin"), change(2, DELETE, 1)])
    assert after == doc({"type": "paragraph", "content": [text("Ligne"), {"type": "hardBreak"}, text("fin")]})
