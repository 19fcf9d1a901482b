"""Summaries: saved by revision, never lost, never overwritten by somebody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.pdf.sanitizer import HtmlTooLarge
from assembly.text.printable import UnprintableText
from assembly.web.errors import EditConflict
from sessions.minutes.actions import writing
from sessions.models import MinutesSection, MinutesState, RevisionKind, SectionRevision
from tests.sessions.sittings.closed_sitting import at_state, closed_sitting


@pytest.fixture
def held(people):
    return closed_sitting(people)


@pytest.fixture
def minutes(held):
    return held.begin()


def kinds():
    return list(SectionRevision.objects.order_by("pk").values_list("kind", flat=True))


def test_first_words_make_the_section(held, minutes):
    section = writing.write(minutes, held.items[0], "<p>Bonjour</p>", revision=0, by=held.officer)
    assert (section.summary_html, section.revision, kinds()) == ("<p>Bonjour</p>", 1, ["saved"])


def test_writing_on_grows_one_line_of_history(held, minutes):
    for number, text in enumerate(["Un", "Un deux", "Un deux trois"]):
        writing.write(minutes, held.items[0], f"<p>{text}</p>", revision=number, by=held.officer)
    assert list(SectionRevision.objects.values_list("summary_html", "number")) == [("<p>Un deux trois</p>", 3)]
    assert Entry.objects.filter(event_type="section.saved").count() == 1


def test_a_great_deletion_leaves_the_former_text_in_the_history(held, minutes):
    long = "<p>" + "mot " * 100 + "</p>"
    writing.write(minutes, held.items[0], long, revision=0, by=held.officer)
    writing.write(minutes, held.items[0], "<p>x</p>", revision=1, by=held.officer)
    assert SectionRevision.objects.count() == 2


def test_the_second_of_two_writers_is_told_and_keeps_the_words(people, held, minutes):
    other = people.make("officer", people.term)
    writing.write(minutes, held.items[0], "<p>Un</p>", revision=0, by=held.officer)
    with pytest.raises(EditConflict) as overtaken:
        writing.write(minutes, held.items[0], "<p>Autre</p>", revision=0, by=other)
    assert overtaken.value.typed == {"summary_html": "<p>Autre</p>"}
    assert MinutesSection.objects.get().summary_html == "<p>Un</p>"
    assert kinds() == ["saved", "conflict"]
    kept = SectionRevision.objects.get(kind=RevisionKind.CONFLICT)
    assert kept.get_kind_display() == "arrivé après un autre texte"  # also where both are of one person, in two tabs
    writing.restore(kept, revision=1, by=other)
    assert MinutesSection.objects.get().summary_html == "<p>Autre</p>"
    assert kinds() == ["saved", "conflict", "restored"]


def test_the_same_text_again_writes_nothing(held, minutes):
    writing.write(minutes, held.items[0], "<p>Un</p>", revision=0, by=held.officer)
    again = writing.write(minutes, held.items[0], "<p>Un</p>", revision=1, by=held.officer)
    assert (again.revision, len(kinds())) == (1, 1)


@pytest.mark.parametrize(("text", "code"), [("Bravo 😀", "U+1F600"), ("سلام", "U+0633"), ("\ue000", "U+E000")])
def test_unprintable_text_is_kept_as_a_draft_and_named(held, minutes, text, code):
    with pytest.raises(UnprintableText, match=code.replace("+", "\\+")):
        writing.write(minutes, held.items[0], f"<p>{text}</p>", revision=0, by=held.officer)
    kept = SectionRevision.objects.get()
    assert (kept.kind, kept.summary_html) == (RevisionKind.REFUSED, f"<p>{text}</p>")
    assert MinutesSection.objects.get().summary_html == ""


def test_two_megabytes_are_refused_with_a_sentence(held, minutes):
    with pytest.raises(HtmlTooLarge, match="trop long"):
        writing.write(minutes, held.items[0], "<p>" + "mot " * 500_000 + "</p>", revision=0, by=held.officer)
    assert kinds() == []


def test_pasted_scripts_and_styles_do_not_survive(held, minutes):
    html = '<p style="color:red" onclick="x()">Un<script>alert(1)</script><img src=x></p>'
    assert writing.write(minutes, held.items[0], html, revision=0, by=held.officer).summary_html == "<p>Un</p>"


@pytest.mark.parametrize("state", [MinutesState.CIRCULATED, MinutesState.APPROVED, MinutesState.SIGNED])
def test_text_that_comes_too_late_is_kept_aside(held, minutes, state):
    at_state(minutes, state)
    with pytest.raises(EditConflict) as late:
        writing.write(minutes, held.items[0], "<p>Trop tard</p>", revision=0, by=held.officer)
    assert (late.value.is_closed, "plus en rédaction" in late.value.sentence) == (True, True)
    assert SectionRevision.objects.get().kind == RevisionKind.CONFLICT
    assert MinutesSection.objects.get().summary_html == ""


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger", "sponsor"])
def test_others_write_nothing(people, held, minutes, who):
    with pytest.raises(PermissionDenied):
        writing.write(minutes, held.items[0], "<p>x</p>", revision=0, by=people[who])
    assert (MinutesSection.objects.count(), SectionRevision.objects.count()) == (0, 0)


def test_items_of_another_sitting_or_internal_ones_hold_no_text(people, held, minutes):
    other = closed_sitting(people, committee=True)
    with pytest.raises(PermissionDenied):
        writing.write(minutes, other.items[0], "<p>x</p>", revision=0, by=held.officer)
    held.items[1].is_internal = True
    held.items[1].save()
    with pytest.raises(PermissionDenied):
        writing.write(minutes, held.items[1], "<p>x</p>", revision=0, by=held.officer)


def test_starting_again_never_overwrites(held, minutes):
    writing.write(minutes, held.items[0], "<p>Un</p>", revision=0, by=held.officer)
    again = writing.start(held.sitting, by=held.officer)
    assert (again.pk, MinutesSection.objects.get().summary_html) == (minutes.pk, "<p>Un</p>")


def test_revision_moment_is_now(held, minutes):
    writing.write(minutes, held.items[0], "<p>Un</p>", revision=0, by=held.officer)
    assert (timezone.now() - SectionRevision.objects.get().saved_at).total_seconds() < 60
