"""Versioned saves: the compare-and-swap under two connections, the page of both texts, and nothing typed lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import include, path, reverse

from assembly.identity.models import User
from assembly.web.errors import EditConflict
from assembly.web.versioned import Difference, Versioned, attempt, differences
from consultations.hearings import actions as hearings
from consultations.models import DirectorateReview, EditionKind, Hearing, Referral, ReviewEdition, ScopingNote
from consultations.referrals import actions as referrals
from consultations.reviews.actions import answering, asking
from sessions.minutes.actions import writing
from sessions.models import AgendaItem, Minutes, MinutesSection, Sitting
from sessions.sittings.actions import planning as sittings
from tests.consultations.desk import GRID, asked_of
from tests.factories.consultations import HearingFactory, ReferralFactory, ScopingNoteFactory
from tests.factories.sessions import SittingFactory
from tests.sessions.sittings.closed_sitting import closed_sitting


def at_once(*acts):
    """Run the actions at the same moment, each on its own connection; return each result or conflict."""
    ready = Barrier(len(acts))

    def run(act):
        try:
            ready.wait(timeout=20)
            return act()
        except EditConflict as conflict:
            return conflict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def of_sitting(people):
    pk = SittingFactory(officer=people["officer"]).pk
    return (
        lambda by, words: sittings.edit(Sitting.objects.get(pk=pk), version=1, title=words, by=by),
        lambda: (Sitting.objects.get(pk=pk).title, Sitting.objects.get(pk=pk).version),
        2,
    )


def of_referral(people):
    pk = ReferralFactory(term=people.term).pk
    return (
        lambda by, words: referrals.edit(Referral.objects.get(pk=pk), version=1, title=words, by=by),
        lambda: (Referral.objects.get(pk=pk).title, Referral.objects.get(pk=pk).version),
        2,
    )


def of_hearing(people):
    pk = HearingFactory(referral=ReferralFactory(term=people.term, issued=True), held=True).pk
    return (
        lambda by, words: hearings.write_report(Hearing.objects.get(pk=pk), f"<p>{words}</p>", version=0, by=by),
        lambda: (Hearing.objects.get(pk=pk).report[3:-4], Hearing.objects.get(pk=pk).report_version),
        1,
    )


def of_scoping_note(people):
    pk = ScopingNoteFactory(referral=ReferralFactory(term=people.term, issued=True)).pk
    return (
        lambda by, words: asking.edit_note(ScopingNote.objects.get(pk=pk), f"<p>{words}</p>", version=1, by=by),
        lambda: (ScopingNote.objects.get(pk=pk).body[3:-4], ScopingNote.objects.get(pk=pk).version),
        2,
    )


def of_section(people):
    held = closed_sitting(people)
    minutes, item = held.begin().pk, held.items[0].pk

    def write(by, words):
        row = Minutes.objects.select_related("sitting__term").get(pk=minutes)
        found = AgendaItem.objects.select_related("sitting").get(pk=item)
        return writing.write(row, found, f"<p>{words}</p>", revision=0, by=by)

    def stands():
        row = MinutesSection.objects.get(agenda_item=item)
        return row.summary_html[3:-4], row.revision

    return write, stands, 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", [of_sitting, of_referral, of_hearing, of_scoping_note, of_section])
def test_of_two_who_save_at_once_one_is_told_and_has_both_texts(people, place):
    save, stands, version = place(people)
    users = [User.objects.get(pk=people[who].pk) for who in ("officer", "lead")]
    told = at_once(lambda: save(users[0], "De Nadia"), lambda: save(users[1], "De Samuel"))
    (late,) = [answer for answer in told if isinstance(answer, EditConflict)]
    words, now = stands()
    assert (now, late.version, late.is_closed) == (version, version, False)
    assert words in {"De Nadia", "De Samuel"}
    (typed,) = [str(value) for value in late.typed.values() if "De " in str(value)]
    assert typed.removeprefix("<p>").removesuffix("</p>") == ({"De Nadia", "De Samuel"} - {words}).pop()


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_save_an_answer_at_once_the_second_text_is_set_aside(people):
    review = asked_of(people)
    users = [User.objects.get(pk=people[who].pk) for who in ("dir_contact", "dir_approver")]

    def save(by):
        rows = DirectorateReview.objects.select_related("referral", "directorate")
        return answering.save(rows.get(pk=review.pk), {**GRID, "summary": by.email}, version=0, by=by)

    told = at_once(lambda: save(users[0]), lambda: save(users[1]))
    (late,) = [answer for answer in told if isinstance(answer, EditConflict)]
    stands = DirectorateReview.objects.get(pk=review.pk)
    kept = ReviewEdition.objects.get(review=stands, kind=EditionKind.CONFLICT_COPY)
    assert {stands.summary, kept.content["summary"]} == {user.email for user in users}
    assert late.by == stands.saved_by


class TitleForm(forms.Form):
    title = forms.CharField(label="Titre")
    kind = forms.ChoiceField(label="Sorte", choices=[("a", "Première"), ("b", "Seconde")], required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.django_db
def test_a_form_that_came_too_late_holds_both_texts_and_the_version_to_save_over(people):
    sitting = SittingFactory(title="Du serveur", officer=people["officer"])
    Sitting.objects.filter(pk=sitting.pk).update(version=7)
    form = TitleForm({"title": "<b>Le mien</b>", "kind": "b", "version": 1})
    tried = attempt(
        form,
        lambda version: Versioned().save(sitting, {"title": "x"}, version=version),
        compare=lambda conflict: differences(TitleForm(initial={"title": conflict.current.title, "kind": "a"}), form),
    )
    assert (tried.status, tried.is_saved, form["version"].value()) == (409, False, "7")
    assert form.conflict.rows == [
        Difference("Titre", "Du serveur", "<b>Le mien</b>"),
        Difference("Sorte", "Première", "Seconde"),
    ]
    page = render_to_string("ui/error_summary.html", {"form": form})
    assert "&lt;b&gt;Le mien&lt;/b&gt;" in page
    assert "Vos mots sont gardés" in page
    assert '<a class="btn btn-secondary btn-sm" href="?" data-keep="theirs">' in page


@pytest.mark.django_db
def test_a_state_that_no_longer_holds_writes_nothing(people):
    sitting = SittingFactory(title="Avant", officer=people["officer"])
    with pytest.raises(EditConflict):
        Versioned().save(sitting, {"title": "Après"}, version=1, state="archived")
    assert Sitting.objects.get(pk=sitting.pk).title == "Avant"
    assert Versioned().save(sitting, {"title": "Après"}, version=1, state=sitting.state) == 2
    assert (sitting.title, sitting.version) == ("Après", 2)


@login_not_required
def uncaught(request):
    raise EditConflict(Sitting(pk=3), {"title": "Mien"}, version=4)


urlpatterns = [path("trop-tard/", uncaught), path("", include("assembly.config.urls"))]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_conflict_that_no_view_compares_keeps_the_words_for_the_version_that_stands(client):
    page = client.post("/trop-tard/", {"title": "Mes mots", "version": "1"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Mes mots" in text
    assert '<textarea hidden name="version">\n4</textarea>' in text


@pytest.mark.django_db
def test_a_subject_changed_in_two_windows_shows_both(people, signed_in):
    """It answered 422 with the version that was read: sent again it was refused again, for ever."""
    mine = ReferralFactory(
        term=people.term, origin="self_referral", state="suggested", suggested_by=people["member"], title="Un"
    )
    browser, address = signed_in("member"), reverse("consultations:my-suggestion-edit", args=[mine.pk])
    words = {"title": "De la tablette", "why": "Oui.", "powers_link": "Les routes.", "version": 1}
    assert browser.post(address, words).status_code == 302
    page = browser.post(address, words | {"title": "Du bureau"})
    assert (page.status_code, "De la tablette" in page.text, "Du bureau" in page.text) == (409, True, True)
    again = words | {"title": "Du bureau", "version": page.context["form"]["version"].value()}
    assert browser.post(address, again).status_code == 302
    assert Referral.objects.get(pk=mine.pk).title == "Du bureau"


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["1" + "0" * 30, "4" * 9])
def test_a_number_that_nobody_was_given_is_a_conflict_and_no_crash(people, signed_in, version):
    sitting = SittingFactory(term=people.term, title="Avant", officer=people["officer"])
    browser = signed_in("officer")
    address = reverse("sittings:edit", args=[sitting.pk])
    shown = browser.get(address).context["form"].initial
    sent = {name: value for name, value in shown.items() if value not in (None, False)} | {"title": "Après"}
    page = browser.post(address, sent | {"version": version})
    assert page.status_code == 409
    assert Sitting.objects.get(pk=sitting.pk).title == "Avant"
