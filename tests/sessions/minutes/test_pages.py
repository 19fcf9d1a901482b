"""Pages about minutes: what each room shows, what a refusal says, how many statements they cost."""

from datetime import datetime, time

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sessions.minutes.actions import corrections, publication, writing
from sessions.minutes.models import MinutesState, MinutesVisaCapacity
from sessions.models import Attendance, Ballot, Correction, Decision, Minutes, MinutesSection, SectionRevision, Visa
from tests.factories.documents import RenditionFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state, closed_sitting, next_plenary

S = MinutesState


@pytest.fixture
def minutes(people):
    return written_minutes(people)


def url(name, *args):
    return reverse(f"sittings:{name}", args=args)


@pytest.mark.parametrize("state", [state for state in S if state != S.VALIDATED])
def test_tab_in_every_state(signed_in, minutes, state):
    at_state(minutes, state)
    page = signed_in(minutes.held.officer).get(url("minutes", minutes.sitting_id))
    assert page.status_code == 200
    assert "Le schéma Autonomie" in page.content.decode()


def test_minutes_are_begun_from_the_dossier(signed_in, people):
    held = closed_sitting(people)
    browser = signed_in(held.officer)
    assert "Commencer le compte rendu" in browser.get(url("minutes", held.sitting.pk)).content.decode()
    answer = browser.post(url("minutes-start", held.sitting.pk))
    minutes = Minutes.objects.get()
    assert answer.url == url("section", minutes.pk, held.items[0].pk)
    page = browser.get(answer.url).content.decode()
    assert "3\u00a0membres sont dans la salle" in page
    assert "Résumé des échanges" in page


def test_editor_saves_and_is_told_the_next_revision(signed_in, minutes):
    where = url("section", minutes.pk, minutes.held.items[0].pk)
    browser = signed_in(minutes.held.officer)
    html = "<p>Gisèle Rouquette parle</p>"
    answer = browser.post(
        where, {"text": html, "format": "html", "version": 1}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.json()["names"] == ["Gisèle Rouquette"]


def test_stale_editor_gets_both_texts(signed_in, minutes):
    where = url("section", minutes.pk, minutes.held.items[0].pk)
    answer = signed_in(minutes.held.officer).post(
        where, {"text": "<p>Autre</p>", "format": "html", "version": 0}, headers={"accept": "application/json"}
    )
    told = answer.json()
    assert (answer.status_code, told["version"], told["is_closed"]) == (409, 1, False)
    assert "<p>La présidente ouvre" in told["panel"]
    assert "<p>Autre</p>" in told["panel"]


@pytest.mark.parametrize(
    ("html", "status", "words"),
    [("<p>Bravo 😀</p>", 422, "U+1F600"), ("<p>" + "mot " * 500_000 + "</p>", 422, "trop long")],
)
def test_editor_is_told_why_a_text_is_refused(signed_in, minutes, html, status, words):
    where = url("section", minutes.pk, minutes.held.items[0].pk)
    answer = signed_in(minutes.held.officer).post(
        where, {"text": html, "format": "html", "version": 1}, headers={"accept": "application/json"}
    )
    assert answer.status_code == status
    assert words in answer.json()["sentence"]


def test_plain_form_writes_paragraphs_and_lists(signed_in, minutes):
    item = minutes.held.items[0]
    answer = signed_in(minutes.held.officer).post(
        url("section", minutes.pk, item.pk), {"text": "Un\n\n- deux\n- trois", "format": "text", "version": 1}
    )
    assert answer.status_code == 302
    section = MinutesSection.objects.get(agenda_item=item)
    assert section.summary_html == "<p>Un</p><ul><li>deux</li><li>trois</li></ul>"


def test_plain_form_keeps_what_was_typed_when_refused(signed_in, minutes):
    item = minutes.held.items[0]
    page = signed_in(minutes.held.officer).post(
        url("section", minutes.pk, item.pk), {"text": "Bravo 😀", "format": "text", "version": 1}
    )
    assert page.status_code == 422
    assert "Bravo 😀</textarea>" in page.content.decode()
    assert SectionRevision.objects.filter(kind="refused").count() == 1


def test_plain_form_overtaken_shows_both_and_may_be_sent_again(signed_in, minutes):
    item = minutes.held.items[0]
    browser = signed_in(minutes.held.officer)
    page = browser.post(url("section", minutes.pk, item.pk), {"text": "Mien", "format": "text", "version": 0})
    words = page.content.decode()
    assert page.status_code == 409
    assert "La présidente ouvre" in words
    assert "Mien</textarea>" in words
    again = browser.post(url("section", minutes.pk, item.pk), {"text": "Mien", "format": "text", "version": 1})
    assert again.status_code == 302


def test_history_and_restore(signed_in, people, minutes):
    item = minutes.held.items[0]
    other = people.make("officer", people.term)
    writing.write(minutes, item, "<p>Nouveau</p>", revision=1, by=other)
    former = SectionRevision.objects.filter(section__agenda_item=item).order_by("pk").first()
    browser = signed_in(minutes.held.officer)
    assert "Nouveau" in browser.get(url("section-history", minutes.pk, item.pk)).content.decode()
    browser.post(url("section-restore", minutes.pk, item.pk, former.pk), {"revision": 2})
    assert MinutesSection.objects.get(agenda_item=item).summary_html == former.summary_html


def test_decision_vote_and_action_from_their_pages(signed_in, minutes):
    item = minutes.held.items[1]
    browser = signed_in(minutes.held.officer)
    for name in ("decision-add", "ballot-prepare", "action-add"):
        assert browser.get(url(name, item.pk)).status_code == 200
    browser.post(url("ballot-prepare", item.pk), {"question": "Continuer ?", "majority_rule": "simple"})
    ballot = Ballot.objects.get(question="Continuer ?")
    count = {
        "votes_for": 4,
        "votes_against": 0,
        "abstentions": 0,
        "no_opinion": 0,
        "voted_at": "11:00",
        "first_counter": "Nadia",
        "second_counter": "Pierrick",
    }
    refused = browser.post(url("ballot-count", ballot.pk), count | {"votes_for": 5})
    assert "5 votes pour 4\u00a0membres" in refused.content.decode()
    assert browser.post(url("ballot-count", ballot.pk), count).status_code == 302
    browser.post(url("ballot-proclaim", ballot.pk))
    browser.post(url("decision-add", item.pk), {"text": "On continue.", "ballot": ballot.pk})
    decision = Decision.objects.get(ballot=ballot)
    browser.post(url("decision-change", decision.pk), {"text": "L’Assemblée continue."})
    assert "L’Assemblée continue." in browser.get(url("section", minutes.pk, item.pk)).content.decode()
    browser.post(url("decision-withdraw", decision.pk), {"reason": "Doublon"})
    decision.refresh_from_db()
    assert decision.withdrawn_at is not None
    assert browser.post(url("ballot-proclaim", ballot.pk)).status_code == 409


def test_a_vote_counts_who_came_in_the_last_instant_of_its_minute(signed_in, minutes):
    """The hour of a vote has no seconds: whoever was there at any time of that minute may have voted."""
    browser, item = signed_in(minutes.held.officer), minutes.held.items[1]
    browser.post(url("ballot-prepare", item.pk), {"question": "Continuer ?", "majority_rule": "simple"})
    day = timezone.localdate(minutes.sitting.starts_at)
    last = timezone.make_aware(datetime.combine(day, time(10, 59, 59, 700_000)))
    there = Attendance.objects.filter(invitee__sitting=minutes.sitting, arrived_at__lt=last)
    there.filter(Q(left_at=None) | Q(left_at__gt=last)).update(arrived_at=last)
    ballot = Ballot.objects.get(question="Continuer ?")
    votes = {"votes_for": 4, "votes_against": 0, "abstentions": 0, "no_opinion": 0}
    names = {"voted_at": "10:59", "first_counter": "Nadia", "second_counter": "Pierrick"}
    assert browser.post(url("ballot-count", ballot.pk), votes | names).status_code == 302
    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.present) == (4, 4)


def test_actions_list_and_their_steps(signed_in, minutes):
    browser = signed_in(minutes.held.officer)
    page = browser.get(url("actions"), follow=True).content.decode()
    assert "Envoyer la carte" in page
    task = minutes.sitting.actions.first().task

    def step(slug):
        return reverse("tasks:step", args=[task.pk, slug])

    for page in (reverse("tasks:task", args=[task.pk]), reverse("tasks:change", args=[task.pk]), step("renoncer")):
        assert browser.get(page).status_code == 200
    assert browser.post(step("faite")).status_code == 302
    assert browser.post(step("suite"), {"outcome": "Envoyée"}).status_code == 302
    assert "Envoyée" in browser.get(url("actions") + "?etat=closes", follow=True).content.decode()
    assert browser.post(step("faite")).status_code == 409
    browser.post(step("rouvrir"))
    task.refresh_from_db()
    assert (task.is_open, task.outcome, task.owner_text) == (True, "", "Direction de l’Autonomie")


def test_each_step_asks_then_acts(signed_in, minutes):
    browser = signed_in(minutes.held.officer)
    assert browser.get(url("minutes-step", minutes.pk, "relire")).status_code == 200
    assert browser.post(url("minutes-step", minutes.pk, "relire")).status_code == 302
    page = browser.get(url("minutes-step", minutes.pk, "circuler")).content.decode()
    assert "Faire relire à 6 personnes\u00a0?" in page
    assert browser.post(url("minutes-step", minutes.pk, "circuler")).status_code == 302
    assert browser.post(url("minutes-step", minutes.pk, "circuler")).status_code == 409
    assert browser.get(url("minutes-step", minutes.pk, "danser")).status_code == 404
    minutes.refresh_from_db()
    assert minutes.state == S.CIRCULATED


def test_correction_from_the_room_to_the_bureau(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    member, item = minutes.held.members[1], minutes.held.items[1]
    room = signed_in(member)
    assert "À relire" in room.get(url("minutes-list")).content.decode()
    page = room.get(url("minutes-read", minutes.pk)).content.decode()
    assert url("correction-ask", minutes.pk, item.pk) in page
    assert room.get(url("correction-ask", minutes.pk, item.pk)).status_code == 200
    asked = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": "Entendu"}
    assert room.post(url("correction-ask", minutes.pk, item.pk), asked).status_code == 302
    assert "Attend une réponse" in room.get(url("minutes-read", minutes.pk)).content.decode()
    correction = Correction.objects.get()
    desk = signed_in(minutes.held.officer)
    assert "décembre 2026" in desk.get(url("minutes", minutes.sitting_id)).content.decode()
    assert desk.get(url("correction-refuse", correction.pk)).status_code == 200
    assert desk.post(url("correction-accept", correction.pk)).status_code == 302
    correction.refresh_from_db()
    assert correction.state == "accepted"
    assert desk.post(url("correction-accept", correction.pk)).status_code == 409


def test_several_corrections_are_answered_at_once(signed_in, minutes):
    """What is found word for word is changed; the other stays, and says why; one alone needs no boxes."""
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    member, item = minutes.held.members[1], minutes.held.items[1]
    desk, tab = signed_in(minutes.held.officer), url("minutes", minutes.sitting_id)
    first = corrections.ask(minutes, item, by=member, passage="novembre 2026", proposal="décembre 2026")
    assert 'name="ligne"' not in desk.get(tab).content.decode()
    lost = corrections.ask(minutes, item, by=member, passage="n’est pas dans le texte", proposal="autre chose")
    assert desk.get(tab).content.decode().count('name="ligne"') == 2
    where, chosen = url("corrections-chosen", minutes.pk), {"ligne": [first.pk, lost.pk], "acte": "accepter"}
    question = desk.get(where, chosen)
    assert question.context["title"] == "2 corrections choisies"
    told = desk.post(where, chosen, follow=True).content.decode()
    assert "1 correction est acceptée, le texte est changé." in told.replace("\u00a0", " ")
    assert "corrigez à la main" in told
    refused = {"ligne": [lost.pk], "acte": "refuser"}
    assert desk.post(where, refused | {"answer": ""}).status_code == 422
    assert desk.post(where, refused | {"answer": "Ce n’est pas dans le texte."}).status_code == 302
    assert [row.state for row in Correction.objects.order_by("pk")] == ["accepted", "refused"]
    assert "décembre 2026" in MinutesSection.objects.get(agenda_item=item).summary_html
    assert desk.post(where, chosen).status_code == 409
    assert desk.post(where, {"ligne": [999999999], "acte": "accepter"}).status_code == 404


def test_whoever_chaired_corrects_even_if_the_roll_forgot_them(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    sitting, item = minutes.sitting, minutes.held.items[1]
    chair = minutes.held.members[-1]
    sitting.chair = chair.person
    sitting.save(update_fields=["chair"])
    assert not Attendance.objects.filter(invitee__sitting=sitting, invitee__person=chair.person).exists()
    room = signed_in(chair)
    assert url("minutes-read", minutes.pk) in room.get(reverse("portal:member-home")).content.decode()
    where = url("correction-ask", minutes.pk, item.pk)
    assert where in room.get(url("minutes-read", minutes.pk)).content.decode()
    assert room.get(where).status_code == 200
    asked = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": ""}
    assert room.post(where, asked).status_code == 302
    assert Correction.objects.get().author == chair.person


def test_a_passage_rewritten_in_the_text_becomes_a_correction(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    room, where = signed_in(minutes.held.members[1]), url("correction-ask", minutes.pk, minutes.held.items[1].pk)
    was = "La Direction de l’Autonomie rappelle le calendrier : le schéma sera voté en novembre 2026."
    sent = {"was": was, "rewritten": was.replace("novembre", "décembre"), "reason": "Entendu"}
    same = room.post(where, sent | {"rewritten": was.replace(" ", "\u00a0")})
    assert (same.status_code, "rien changé" in same.text) == (422, True)
    late = room.post(where, sent | {"was": "Un texte que personne n’a écrit."})
    assert (late.status_code, "a changé depuis" in late.text, "en décembre 2026." in late.text) == (409, True, True)
    assert "Entendu" in late.text
    assert not Correction.objects.exists()
    assert room.post(where, sent).status_code == 302
    asked = Correction.objects.get()
    assert (asked.passage, asked.proposal, asked.reason) == ("novembre", "décembre", "Entendu")
    assert "<del>novembre</del>\n<ins>décembre</ins>" in room.get(url("minutes-read", minutes.pk)).text
    signed_in(minutes.held.officer).post(url("correction-accept", asked.pk))
    assert "voté en décembre 2026." in MinutesSection.objects.get(pk=asked.section_id).summary_html


def test_an_emptied_passage_asks_to_delete_it(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    room, where = signed_in(minutes.held.members[1]), url("correction-ask", minutes.pk, minutes.held.items[1].pk)
    assert room.post(where, {"passage": "", "proposal": "", "reason": "Rien"}).status_code == 422
    assert room.post(where, {"was": "la place des aidants.", "rewritten": ""}).status_code == 302
    signed_in(minutes.held.officer).post(url("correction-accept", Correction.objects.get().pk))
    html = MinutesSection.objects.get(agenda_item=minutes.held.items[1]).summary_html
    assert ("aidants" in html, "<li></li>" in html) == (False, False)


def test_a_correction_of_several_paragraphs_is_placed_by_hand(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    member, item = minutes.held.members[1], minutes.held.items[1]
    asked = corrections.ask(minutes, item, passage="novembre 2026", proposal="mai.\n\nPuis", by=member)
    answer = signed_in(minutes.held.officer).post(url("correction-accept", asked.pk))
    assert answer.url == url("correction-edit", asked.pk)


def test_correction_that_must_be_done_by_hand(signed_in, minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    member, item = minutes.held.members[1], minutes.held.items[0]
    correction = corrections.ask(minutes, item, passage="introuvable", proposal="Un mot", reason="", by=member)
    desk = signed_in(minutes.held.officer)
    answer = desk.post(url("correction-accept", correction.pk))
    assert answer.url == url("correction-edit", correction.pk)
    assert desk.get(answer.url).status_code == 200
    desk.post(answer.url, {"text": "Un mot", "format": "text", "version": 1})
    assert MinutesSection.objects.get(agenda_item=item).summary_html == "<p>Un mot</p>"


def test_correction_received_by_letter(signed_in, minutes):
    at_state(minutes, S.CORRECTIONS)
    desk = signed_in(minutes.held.officer)
    assert desk.get(url("correction-note", minutes.pk)).status_code == 200
    person = minutes.held.members[2].person
    data = {"item": minutes.held.items[0].pk, "author": person.pk, "via": "paper", "proposal": "Ajouter l’heure"}
    assert desk.post(url("correction-note", minutes.pk), data).status_code == 302
    assert Correction.objects.get().author == person


def test_chair_gives_the_visa_from_the_room(signed_in, minutes):
    at_state(minutes, S.APPROVED)
    room = signed_in(minutes.held.chair)
    assert "Donner mon visa" in room.get(url("minutes-read", minutes.pk)).content.decode()
    assert room.get(url("minutes-visa", minutes.pk)).status_code in (200, 302)
    assert signed_in(minutes.held.members[1]).get(url("minutes-visa", minutes.pk)).status_code in (302, 403)
    assert Visa.objects.filter(capacity=MinutesVisaCapacity.CHAIR).count() == 0


def test_approval_page_offers_both_ways(signed_in, minutes):
    at_state(minutes, S.CORRECTIONS)
    following = next_plenary(minutes.held)
    desk = signed_in(minutes.held.officer)
    assert desk.get(url("minutes-step", minutes.pk, "soumettre")).status_code == 200
    answer = desk.post(url("minutes-step", minutes.pk, "soumettre"), {"sitting": following.pk})
    assert answer.status_code == 302
    following.state, following.opened_at = "open", following.starts_at
    following.save()
    assert "Adopté sans observation" in desk.get(url("minutes-step", minutes.pk, "approuver")).content.decode()
    assert desk.post(url("minutes-step", minutes.pk, "approuver"), {"ballot": "", "remark": ""}).status_code == 302
    minutes.refresh_from_db()
    assert minutes.state == S.APPROVED


@pytest.mark.parametrize(
    ("who", "status"), [("facilitator", 200), ("member", 403), ("stranger", 403), ("sponsor", 403), ("dpo", 403)]
)
def test_who_opens_the_writing_page(signed_in, minutes, who, status):
    assert signed_in(who).get(url("section", minutes.pk, minutes.held.items[0].pk)).status_code == status


def test_nothing_crosses_to_another_assembly(signed_in, people, minutes):
    stranger = signed_in(people.elsewhere("lead"))
    for where in (
        url("section", minutes.pk, minutes.held.items[0].pk),
        url("minutes-read", minutes.pk),
        url("minutes", minutes.sitting_id),
        url("decision-add", minutes.held.items[0].pk),
    ):
        assert stranger.get(where).status_code == 404


def test_absent_member_reads_nothing_before_the_seal(signed_in, minutes):
    at_state(minutes, S.CIRCULATED)
    absent = signed_in(minutes.held.members[-1])
    assert absent.get(url("minutes-read", minutes.pk)).status_code == 404
    at_state(minutes, S.SIGNED)
    assert absent.get(url("minutes-read", minutes.pk)).status_code == 200


def test_chair_reads_from_the_first_word(signed_in, minutes):
    assert signed_in(minutes.held.chair).get(url("minutes-read", minutes.pk)).status_code == 200
    assert signed_in(minutes.held.members[1]).get(url("minutes-read", minutes.pk)).status_code == 404


def test_team_reads_the_public_version_before_anybody(signed_in, minutes):
    browser = signed_in(minutes.held.officer)
    assert "Gisèle Rouquette" in browser.get(url("minutes-read", minutes.pk)).content.decode()
    public = browser.get(url("minutes-read", minutes.pk) + "?version=publique").content.decode()
    assert "Gisèle Rouquette" not in public
    assert "version publique" in public


def test_unseen_internal_items_have_no_page(signed_in, minutes):
    item = minutes.held.items[0]
    item.is_internal = True
    item.save()
    assert signed_in(minutes.held.officer).get(url("section", minutes.pk, item.pk)).status_code == 404


def test_the_page_of_minutes_being_sealed_moves_by_itself_and_stops(signed_in, minutes):
    at_state(minutes, S.APPROVED)
    publication.give_visa(minutes, MinutesVisaCapacity.CHAIR, by=minutes.held.chair)
    publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=minutes.held.secretary)
    job = RenditionFactory(kind="minutes-internal", subject_type="sittings.Minutes", subject_id=str(minutes.pk))
    browser = signed_in(minutes.held.officer)
    address = url("minutes", minutes.sitting_id)
    page = browser.get(address).content.decode()
    assert "Scellement en cours." in page
    assert f'data-hx-get="{address}"' in page
    assert f'href="{address}">Actualiser</a>' in page
    asked = browser.get(address, headers={"HX-Request": "true"})
    assert (asked.status_code, asked.content) == (204, b"")
    job.state, job.error, job.finished_at = "failed", "Le cachet n’est pas disponible.", timezone.now()
    job.save()
    ended = browser.get(address, headers={"HX-Request": "true"})
    assert ended.status_code == 286
    words = ended.content.decode()
    assert "Scellement en cours." not in words
    assert f'data-hx-get="{address}"' not in words
    assert "Le cachet n’est pas disponible." in words


def test_a_correction_by_hand_made_of_an_older_text_shows_both(signed_in, minutes):
    """The officer changes the summary by hand; a colleague accepts another correction of the point meanwhile."""
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=2))
    member, item = minutes.held.members[1], minutes.held.items[0]
    by_hand = corrections.ask(minutes, item, passage="", proposal="Ajouter l’heure", by=member)
    other = corrections.ask(minutes, item, passage="ouvre la séance", proposal="a ouvert la séance", by=member)
    desk = signed_in(minutes.held.officer)
    where = url("correction-edit", by_hand.pk)
    typed = {"text": "Ouverture à 9 h 34.", "format": "text", "version": 1}
    assert desk.get(where).context["form"].initial["version"] == 1
    corrections.accept(other, by=minutes.held.officer)
    answer = desk.post(where, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("Ouverture à 9 h 34.", "a ouvert la séance", 'value="2"'))
    by_hand.refresh_from_db()
    section = MinutesSection.objects.get(agenda_item=item)
    assert (by_hand.state, section.revision, "a ouvert" in section.summary_html) == ("asked", 2, True)
    assert desk.post(where, typed | {"version": 2}).status_code == 302
    section.refresh_from_db()
    assert (section.revision, section.summary_html) == (3, "<p>Ouverture à 9 h 34.</p>")
