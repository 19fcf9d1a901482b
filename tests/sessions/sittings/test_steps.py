"""Every step of a sitting × state × role, through its page: 404, 403, 409, 422 or done, all written by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from sessions.models import Attendance, Sitting, SittingState
from sessions.sittings.queries.convening import preview
from sessions.sittings.views.steps import ROLL_STEPS, STEPS
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, NoticeFactory, SittingFactory, began
from tests.undo import undone

pytestmark = pytest.mark.django_db
# The address; from which states; to which; the line of the journal; what a right form holds.
TABLE = {
    "notify": ("planned", "notified", "sitting.notified", {"shown": "…"}),
    "renotify": ("notified confirmed", "notified", "sitting.renotified", {"shown": "…"}),
    "remind": ("notified confirmed", "", "invitee.reminded", {}),
    "confirm": ("notified", "confirmed", "sitting.confirmed", {}),
    "ouvrir": ("notified confirmed", "open", "sitting.opened", {}),
    "suspendre": ("open", "suspended", "sitting.suspended", {}),
    "reprendre": ("suspended", "open", "sitting.resumed", {}),
    "clore": ("open suspended", "closed", "sitting.closed", {}),
    "sans-quorum": ("open suspended", "not_quorate", "sitting.not_quorate", {}),
    "reconvene": (
        "not_quorate",
        "reconvened",
        "sitting.reconvened",
        {"day": "2030-02-02", "starts": "09:30", "ends": "17:00"},
    ),
    "postpone": ("planned notified confirmed", "postponed", "sitting.postponed", {"reason": "Neige"}),
    "cancel": ("planned notified confirmed", "cancelled", "sitting.cancelled", {"reason": "Neige"}),
    "archive": ("minuted", "archived", "sitting.archived", {}),
    "hold": ("notified confirmed", "closed", "sitting.held", {"opened": "…"}),
    "not-held": ("notified confirmed open suspended", "not_held", "sitting.not_held", {"reason": "Neige"}),
    "reopen": ("closed not_quorate", "open", "sitting.reopened", {"reason": "Erreur"}),
    "undo-opening": ("open suspended", "notified", "sitting.opening_undone", {"reason": "Erreur"}),
}
LEAD_ONLY = {"reopen", "undo-opening"}
TEAM = ["lead", "officer"]
ROLES = [*TEAM, "facilitator", "member", "elsewhere"]
# What an empty form meets: nothing was read before convening, else a field is missing.
WITHOUT_FORM = {
    "notify": 409,
    "renotify": 409,
    **dict.fromkeys(("reconvene", "postpone", "cancel", "hold", "not-held", "reopen", "undo-opening"), 422),
}


def url(sitting, slug):
    if slug in ("ouvrir", "suspendre", "reprendre", "clore", "sans-quorum"):
        return reverse("sittings:move", args=[sitting.pk, slug])
    return reverse(f"sittings:{slug}", args=[sitting.pk])


def sitting_in(state):
    """Make a plenary that its members see, with an invitee who has not answered the notice."""
    starts_at = timezone.now() + timedelta(hours=1)
    sitting = SittingFactory(state=state, reason="neige", starts_at=starts_at, **began(state))
    MandateFactory(term=sitting.term)  # the quorum is one, and no member came
    InviteeFactory(sitting=sitting)
    NoticeFactory(sitting=sitting)
    if state in ("open", "suspended"):
        AttendanceFactory(invitee__sitting=sitting, invitee__guest=True, arrived_at=sitting.opened_at)
    return sitting


def make_ready(sitting, slug):
    """Set what the guards of that step require; the step that says whether it took place needs an empty roll."""
    if slug in ("hold", "not-held"):
        begun = timezone.now() - timedelta(minutes=150)
        hours = {"starts_at": begun, "ends_at": begun + timedelta(hours=2)}
        Sitting.objects.filter(pk=sitting.pk).update(**hours, break_starts_at=None, break_ends_at=None)
        Attendance.objects.update(voided_at=timezone.now())


def right_form(sitting, slug):
    """Return the data that a user posts after reading the page."""
    form = TABLE[slug][3]
    if "opened" in form:
        planned = Sitting.objects.get(pk=sitting.pk)
        hours = {
            name: f"{timezone.localtime(at):%H:%M}"
            for name, at in (("opened", planned.starts_at), ("closed", planned.ends_at))
        }
        return {
            **hours,
            "reason": "Le débat a duré.",
            "shown": "-".join(str(one.pk) for one in planned.invitees.all()),
        }
    return {"shown": preview(Sitting.objects.get(pk=sitting.pk)).digest} if "shown" in form else form


def expected(slug, state, role):
    """Return the expected status: 404 not visible, 403 no right, 409 other state."""
    if role == "elsewhere":
        return 404
    if role not in TEAM or slug in LEAD_ONLY and role != "lead":
        return 403
    return 302 if state in TABLE[slug][0].split() else 409


@pytest.mark.parametrize("state", SittingState)
def test_every_step_by_every_role(signed_in, people, state):
    sitting = sitting_in(state)
    browsers = {
        role: signed_in(people.elsewhere("lead") if role == "elsewhere" else role, noted=True) for role in ROLES
    }
    before = Entry.objects.count(), Sitting.objects.count()
    for slug, (_sources, target, line, _form) in TABLE.items():
        for role, browser in browsers.items():
            with undone(slug, state, role):
                make_ready(sitting, slug)
                answer = browser.post(url(sitting, slug), right_form(sitting, slug))
                meets = expected(slug, state, role)
                assert answer.status_code == meets
                found = Sitting.objects.get(pk=sitting.pk).state
                if meets == 302:
                    assert found == (target or state)
                    assert Entry.objects.filter(event_type=line).count() == 1
                else:
                    assert (Entry.objects.count(), Sitting.objects.count()) == before
                    assert found == state


@pytest.mark.parametrize("state", SittingState)
def test_every_question_of_a_step(signed_in, people, state):
    """The question changes nothing; from another state the page says what the sitting became."""
    sitting, lead = sitting_in(state), signed_in("lead")
    officer, facilitator = signed_in("officer"), signed_in("facilitator")
    for slug in TABLE:
        with undone(slug, state):
            make_ready(sitting, slug)
            asked = (lead if slug in LEAD_ONLY else officer).get(url(sitting, slug))
            assert asked.status_code == (200 if state in TABLE[slug][0].split() else 409)
            if asked.status_code == 409:
                assert str(sitting.get_state_display()) in asked.content.decode()
                assert "Rien n’a été fait" in asked.content.decode()
            assert facilitator.get(url(sitting, slug)).status_code == 403
    assert Sitting.objects.get().state == state


@pytest.mark.parametrize("slug", WITHOUT_FORM)
def test_an_empty_form_changes_nothing(signed_in, people, slug):
    sitting = sitting_in(TABLE[slug][0].split()[0])
    make_ready(sitting, slug)
    answer = signed_in("lead" if slug in LEAD_ONLY else "officer").post(url(sitting, slug))
    assert answer.status_code == WITHOUT_FORM[slug]
    assert (Sitting.objects.get().state, Entry.objects.count()) == (sitting.state, 0)


def test_what_changed_since_it_was_read_is_read_again(signed_in, people):
    """The new preview carries its own fingerprint: the second click convenes."""
    sitting, officer = sitting_in("planned"), signed_in("officer")
    read = officer.get(url(sitting, "notify")).context["digest"]
    Sitting.objects.update(place_name="Muret")
    late = officer.post(url(sitting, "notify"), {"shown": read})
    assert (late.status_code, Sitting.objects.get().state) == (409, "planned")
    assert "Rien n’est parti" in late.content.decode()
    assert officer.post(url(sitting, "notify"), {"shown": late.context["digest"]}).status_code == 302
    assert Sitting.objects.get().state == "notified"


def test_nobody_is_reminded_by_mail_of_a_letter(signed_in, people):
    """Whoever has no address is called: the page says who, and the click does nothing."""
    sitting = sitting_in("notified")
    sitting.invitees.update(reply="maybe", replied_at=timezone.now())
    InviteeFactory(sitting=sitting, person__paper=True, person__last_name="Vidal", person__phone="05 61 00 00 00")
    officer = signed_in("officer")
    asked, sent = officer.get(url(sitting, "remind")), officer.post(url(sitting, "remind"))
    assert (asked.status_code, sent.status_code) == (200, 422)
    for page in (asked, sent):
        assert "Personne à relancer par courriel" in page.content.decode()
        assert "Vidal (05" in page.content.decode()
    assert Entry.objects.count() == 0


def test_a_step_leads_where_the_work_goes_on(signed_in, people):
    """The second sitting leads to its own preview; one put off without a date, to what it has become."""
    officer, again = signed_in("officer"), sitting_in("not_quorate")
    answer = officer.post(url(again, "reconvene"), TABLE["reconvene"][3])
    assert answer.url == url(Sitting.objects.get(follows=again), "notify")
    planned = sitting_in("planned")
    answer = officer.post(url(planned, "postpone"), {"reason": "Neige"})
    assert answer.url == reverse("sittings:sitting", args=[planned.pk])
    day = {"reason": "Neige", "day": "2030-02-02", "starts": "09:30", "ends": "17:00"}
    moved = sitting_in("notified")
    answer = officer.post(url(moved, "postpone"), day)
    assert answer.url == reverse("sittings:sitting", args=[Sitting.objects.get(follows=moved).pk])


def test_each_step_is_linked_at_its_own_address(signed_in):
    sitting = sitting_in("notified")
    desk = signed_in("officer").get("/bureau/seances/").wsgi_request
    links = STEPS.links(desk, sitting, without={"confirm"})
    assert [(link.url.removeprefix(f"/bureau/seances/{sitting.pk}/"), link.label, link.missing) for link in links] == [
        ("convoquer/changements/", "Envoyer les changements", []),
        ("relancer/", "Relancer", []),
        ("reporter/", "Reporter la séance", []),
        ("annuler/", "Annuler la séance", []),
    ]
    assert [link.url for link in ROLL_STEPS.links(desk, sitting)] == [f"/bureau/seances/{sitting.pk}/appel/ouvrir/"]
    assert STEPS.links(signed_in("facilitator").get("/bureau/seances/").wsgi_request, sitting) == []
