"""The order of call, what collides, what falls: examples that a clerk would recognise."""

import pytest
from hypothesis import given, settings, strategies as st

from opinions.amending.applying import collisions, fallen_keys, falls
from opinions.amending.passages import Text, distance, in_call_order
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
    par,
    proposals,
    texts,
)

TREE = doc(
    head("Se déplacer"),
    par("Le Département crée dix lignes de transport à la demande."),
    par("Chaque ligne passe deux fois par jour."),
    bullets("Gratuit pour les jeunes", "Payant pour les autres"),
    advice("Un titre", *"abcdef"),
)


def numbers(changes):
    return [one.number for one in changes]


def test_deletions_come_first_then_the_furthest_from_the_text():
    close = change(1, REPLACE, 2, quote="dix", new="douze")
    rewritten = change(2, REPLACE, 2, new="Le Département ne crée rien, il aide les communes qui le veulent.")
    deleted = change(3, DELETE, 2)
    added = change(4, AFTER, 2, new="Il y met les moyens.")
    before = change(5, BEFORE, 2, new="Constat.")
    title = change(6, REPLACE, 1, new="Bouger")
    assert numbers(in_call_order(TREE, [close, rewritten, deleted, added, before, title])) == [6, 5, 3, 2, 1, 4]


def test_the_text_is_followed_from_its_beginning_and_a_wider_deletion_comes_first():
    late, early = change(1, DELETE, 4), change(2, REPLACE, 3, quote="deux", new="trois")
    wide, narrow = change(3, DELETE, 2, 3), change(4, DELETE, 2)
    assert numbers(in_call_order(TREE, [late, early, narrow, wide])) == [3, 4, 2, 1]


def test_at_the_same_distance_the_first_submitted_comes_first():
    one, two = change(2, REPLACE, 2, quote="dix", new="douze"), change(1, REPLACE, 2, quote="dix", new="vingt")
    assert numbers(in_call_order(TREE, [one, two])) == [1, 2]


def test_sub_amendments_come_just_before_their_parent():
    parent = change(1, REPLACE, 2, new="Le Département crée vingt lignes et les paie.")
    small = change(2, REPLACE, 1, quote="vingt", new="trente", parent=1)
    away = change(3, DELETE, 1, quote="et les paie", parent=1)
    other = change(4, DELETE, 2)
    assert numbers(in_call_order(TREE, [parent, small, away, other])) == [4, 3, 2, 1]


def test_distance_is_words_taken_and_words_added():
    text = Text(TREE)
    assert distance(text, change(1, DELETE, 2)) == 10
    assert distance(text, change(1, REPLACE, 2, quote="dix lignes", new="douze lignes")) == 2
    assert distance(text, change(1, AFTER, 2, new="Trois mots ici")) == 3


@pytest.mark.parametrize(
    ("adopted", "other", "expected"),
    [
        (change(1, DELETE, 2), change(2, REPLACE, 2, new="Autre."), True),
        (change(1, DELETE, 2), change(2, REPLACE, 2, quote="dix", new="douze"), True),
        (change(1, DELETE, 2), change(2, REPLACE, 3, new="Autre."), False),
        (change(1, DELETE, 2, 3), change(2, DELETE, 3), True),
        (change(1, DELETE, 3), change(2, DELETE, 2, 3), False),
        (change(1, REPLACE, 2, new="Ceci."), change(2, REPLACE, 2, new="Cela."), True),
        (change(1, REPLACE, 2, quote="dix", new="douze"), change(2, REPLACE, 2, quote="dix lignes", new="rien"), True),
        (change(1, REPLACE, 2, quote="dix", new="douze"), change(2, REPLACE, 2, quote="demande", new="carte"), False),
        (change(1, REPLACE, 2, quote="dix", new="douze"), change(2, DELETE, 2), True),
        (change(1, AFTER, 2, quote="dix", new="belles"), change(2, DELETE, 2, quote="dix lignes"), True),
        (change(1, AFTER, 2, quote="dix", new="belles"), change(2, DELETE, 2, quote="dix"), False),
        (change(1, AFTER, 2, quote="dix", new="belles"), change(2, BEFORE, 2, quote="lignes", new="longues"), False),
        (change(1, AFTER, 2, new="Suite."), change(2, DELETE, 2), False),
        (change(1, AFTER, 2, new="Suite."), change(2, DELETE, 2, 3), True),
        (change(1, BEFORE, 3, new="Avant."), change(2, REPLACE, 2, 3, new="Autre."), True),
        (change(1, AFTER, 2, new="Suite."), change(2, AFTER, 2, new="Fin."), False),
        (change(1, AFTER, 2, new="Suite."), change(2, AFTER, 2, new="Suite."), True),
        (change(1, AFTER, 7, new="De plus."), change(2, DELETE, 6, 12), True),
        (change(1, AFTER, 12, blocks=[head("Après")]), change(2, DELETE, 6, 12), False),
        (change(1, AFTER, 5, new="Pour tous"), change(2, REPLACE, 4, 5, blocks=[head("Prix")]), True),
        (change(1, AFTER, 5, new="Pour tous"), change(2, DELETE, 4, 5), False),
    ],
)
def test_what_falls_with_what(adopted, other, expected):
    assert falls(Text(TREE), adopted, other) is expected


def test_sub_amendments_fall_with_their_parent_and_those_of_one_parent_collide():
    deleted, parent = change(1, DELETE, 2), change(2, REPLACE, 2, new="Vingt lignes en tout.")
    more, less = (
        change(3, REPLACE, 1, quote="Vingt", new="Trente", parent=2),
        change(4, REPLACE, 1, quote="Vingt", new="Quinze", parent=2),
    )
    everyone = [deleted, parent, more, less]
    assert fallen_keys(TREE, deleted, everyone) == [2, 3, 4]
    assert fallen_keys(TREE, more, everyone) == [4]
    assert collisions(TREE, everyone) == {1: [2], 2: [1], 3: [4], 4: [3]}


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_the_order_is_one_order_and_a_collision_is_mutual(data):
    tree = data.draw(texts())
    changes = data.draw(proposals(tree))
    order = in_call_order(tree, changes)
    assert in_call_order(tree, data.draw(st.permutations(changes))) == order
    assert sorted(numbers(order)) == sorted(numbers(changes))
    found = collisions(tree, changes)
    assert all(key in found[other] for key, others in found.items() for other in others)
