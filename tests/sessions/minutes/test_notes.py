"""Notes of a sitting: who takes them, how they are saved, when they go."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assembly.audit.models import Entry
from assembly.identity import actions as identity
from assembly.web.errors import EditConflict
from sessions.minutes.actions import writing as actions
from sessions.minutes.rules import merged_notes
from sessions.models import ItemNote, MinutesSection, SittingState
from tests.sessions.sittings.closed_sitting import PARIS, closed_sitting


@pytest.fixture
def held(people):
    return closed_sitting(people)


def test_notes_are_kept_and_the_journal_says_so_once_without_a_word_of_them(held):
    item = held.items[0]
    note = actions.save_note(item, " Six prises de parole.\r\nReste à charge. ", revision=0, by=held.officer)
    actions.save_note(item, "Six prises de parole. Reste à charge en tête.", revision=note.revision, by=held.officer)
    kept = ItemNote.objects.get()
    assert (kept.text, kept.revision) == ("Six prises de parole. Reste à charge en tête.", 2)
    entry = Entry.objects.get(event_type="notes.taken")
    assert "parole" not in str(entry.facts)


def test_each_officer_has_a_box(held):
    actions.save_note(held.items[0], "Un", revision=0, by=held.officer)
    actions.save_note(held.items[0], "Deux", revision=0, by=held.secretary)
    assert list(ItemNote.objects.values_list("text", flat=True)) == ["Un", "Deux"]


def test_a_window_that_is_behind_gets_both_texts_and_writes_nothing(held):
    actions.save_note(held.items[0], "De la tablette", revision=0, by=held.officer)
    with pytest.raises(EditConflict) as behind:
        actions.save_note(held.items[0], "Du bureau", revision=0, by=held.officer)
    told = behind.value
    assert (told.current.text, told.typed["text"], told.version) == ("De la tablette", "Du bureau", 1)
    assert ItemNote.objects.get().text == "De la tablette"


@pytest.mark.parametrize(
    ("kept", "typed", "both"), [("a", "a b", "a b"), ("a b", "b", "a b"), ("a", "c", "a\n\nc"), ("", "c", "c")]
)
def test_joined_keeps_every_word_once(kept, typed, both):
    assert merged_notes(kept, typed) == both


@pytest.mark.parametrize("who", ["facilitator", "member"])
def test_only_the_team_takes_notes(who, people, held):
    with pytest.raises(PermissionDenied):
        actions.save_note(held.items[0], "Mots", revision=0, by=people[who])
    assert not ItemNote.objects.exists()


@pytest.mark.parametrize("state", [SittingState.PLANNED, SittingState.ARCHIVED])
def test_no_notes_before_the_opening_nor_in_a_filed_sitting(state, held):
    held.items[0].sitting.state = state
    with pytest.raises(PermissionDenied):
        actions.save_note(held.items[0], "Mots", revision=0, by=held.officer)


def test_too_long_is_refused_with_a_sentence(held):
    with pytest.raises(ValidationError, match="20 000 signes"):
        actions.save_note(held.items[0], "x" * 20_001, revision=0, by=held.officer)


def test_notes_never_touch_the_summary(held):
    held.begin()
    actions.save_note(held.items[0], "Mots", revision=0, by=held.officer)
    assert not MinutesSection.objects.exclude(summary_html="").exists()


def test_notes_go_when_their_months_are_over(held):
    actions.save_note(held.items[0], "Mots", revision=0, by=held.officer)
    end = datetime(2026, 9, 28, 1, tzinfo=PARIS)  # six months after 28 March
    assert identity.count_due(end - timedelta(hours=2))["sittings.notes"] == 0
    assert identity.erase_due(end)["sittings.notes"] == 1
    assert not ItemNote.objects.exists()


def test_a_person_takes_their_notes_away_and_erasure_deletes_them(people, held):
    actions.save_note(held.items[0], "Mots", revision=0, by=held.officer)
    identity.erase(held.officer.person, by=people["dpo"])
    assert not ItemNote.objects.exists()
