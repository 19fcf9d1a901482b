"""Settings are the lead's, checked, and every change is in the journal with its former value."""

import io
from itertools import product

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assembly.audit.models import Entry
from assembly.institution import colours
from assembly.institution.actions import assemblies as actions
from assembly.institution.forms import AssemblySettingsForm, TermSettingsForm
from assembly.institution.models import Assembly, Role, Term, TermState
from sessions.models import Minutes
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory
from tests.undo import undone

pytestmark = pytest.mark.django_db


def asked(form_class, thing, **changes):
    """Return the data that the form posts, with a few changes."""
    form = form_class(thing=thing)
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    values = {name: "on" if value is True else value for name, value in values.items() if value is not False}
    return {name: str(value) for name, value in (values | changes).items()}


def test_each_change_is_journaled_old_to_new(signed_in, people):
    browser = signed_in("lead")
    form = asked(AssemblySettingsForm, people.assembly, name="Assemblée des Pyrénées", contact_phone="05 61 00 00 00")
    browser.post(reverse("institution:settings"), form)
    entries = Entry.objects.filter(event_type="settings.changed").select_related("detail").order_by("pk")
    assert [(entry.facts["field"], entry.detail.text) for entry in entries] == [
        ("name", "nom : Assemblée citoyenne de la Haute-Garonne → Assemblée des Pyrénées"),
        ("contact_phone", "téléphone d’aide : – → 05 61 00 00 00"),
    ]
    page = browser.get(reverse("institution:settings")).content.decode()
    assert "→ Assemblée des Pyrénées" in page
    browser.post(reverse("institution:settings"), form)
    assert entries.count() == 2


@pytest.mark.parametrize("role", Role)
def test_only_the_lead_changes_settings(role, people):
    if role == Role.LEAD:
        assert actions.change_assembly(people.assembly, {"name": "Autre"}, by=people[role]) == ["name"]
        assert actions.change_term(people.term, {"notice_days": 21}, by=people[role]) == ["notice_days"]
    else:
        with pytest.raises(PermissionDenied):
            actions.change_assembly(people.assembly, {"name": "Autre"}, by=people[role])
        with pytest.raises(PermissionDenied):
            actions.change_term(people.term, {"notice_days": 21}, by=people[role])


@pytest.mark.parametrize("colour", ["rouge", "#4B2A7", "#\ufffd\ufffd1234", "\u200f#4B2A7"])
def test_what_is_no_colour_is_refused_and_says_how_to_write_one(colour, signed_in, people):
    form = asked(AssemblySettingsForm, people.assembly, colour_main=colour)
    answer = signed_in("lead").post(reverse("institution:settings"), form)
    assert answer.status_code == 422
    assert "Écrivez une couleur comme #4B2A7B." in answer.text
    assert Assembly.objects.get().colour_main == "#4B2A7B"


def test_an_unreadable_colour_is_refused_and_says_why(signed_in, people):
    form = asked(AssemblySettingsForm, people.assembly, colour_main="#FFEE88")
    page = signed_in("lead").post(reverse("institution:settings"), form).content.decode()
    assert "se lit mal" in page
    assert Assembly.objects.get().colour_main == "#4B2A7B"


def test_the_picker_compares_with_what_the_server_checks(signed_in, people):
    html = signed_in("lead").get(reverse("institution:settings")).content.decode()
    assert html.count('data-papers="#FCFAF6 #ECE3D4" data-least="4.5"') == 2
    assert "dist/js/institution/colours.js" in html


def test_contrasts_are_those_of_wcag():
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colours.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert colours.is_readable("#4B2A7B")
    assert colours.is_readable("#A8452E")


def test_the_colours_dress_every_page(client, people):
    assert people.assembly
    Assembly.objects.update(colour_main="#004466")
    response = client.get(reverse("institution:colours"))
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--violet:#004466;" in response.content.decode()
    again = client.get(reverse("institution:colours"), headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_sender_name_cannot_forge_a_header(signed_in, people):
    form = asked(AssemblySettingsForm, people.assembly, sender_name='Assemblée" <pirate@example.org>')
    assert "sans guillemets" in signed_in("lead").post(reverse("institution:settings"), form).content.decode()


def test_the_test_mail_carries_sender_and_reply(signed_in, people, settings):
    browser = signed_in("lead")
    browser.post(reverse("institution:settings-test-mail"))
    message = mail.outbox[-1]
    assert message.from_email == "Assemblée citoyenne <assemblee@example.org>"
    assert (message.to, message.reply_to) == ([people["lead"].email], ["equipe@example.org"])
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    page = browser.post(reverse("institution:settings-test-mail"), follow=True).content.decode()
    assert "n’a pas pris le message" in page


def test_the_logo_is_drawn_anew_and_served(signed_in, client, people):
    browser = signed_in("lead")
    drawn = io.BytesIO()
    Image.new("RGB", (900, 300), "#4B2A7B").save(drawn, "JPEG", comment=b"secret")
    upload = SimpleUploadedFile("logo.jpg", drawn.getvalue(), content_type="image/svg+xml")
    browser.post(reverse("institution:settings-logo"), {"logo": upload})
    response = client.get(reverse("institution:logo"))
    assert response.headers["Content-Type"] == "image/png"
    assert b"secret" not in response.content
    with Image.open(io.BytesIO(response.content)) as served:
        assert served.size == (600, 200)
    svg = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/png")
    assert (
        "pas d’un type accepté" in browser.post(reverse("institution:settings-logo"), {"logo": svg}).content.decode()
    )
    browser.post(reverse("institution:settings-logo"), {})
    assert client.get(reverse("institution:logo")).status_code == 404


def test_dates_of_a_term_slip_and_the_end_follows_the_start(signed_in, people):
    browser = signed_in("lead")
    url = reverse("institution:settings-term")
    browser.post(
        url, asked(TermSettingsForm, people.term, starts_on="2025-11-29", ends_on="2027-09-30", quorum_percent="40")
    )
    people.term.refresh_from_db()
    term = Term.objects.get()
    assert (str(term.ends_on), term.quorum_percent) == ("2027-09-30", 40)
    page = browser.post(
        url, asked(TermSettingsForm, term, starts_on="2028-01-01", ends_on="2027-09-30")
    ).content.decode()
    assert "La fin doit venir après le début" in page


# slug of the page: (step, from, to, journal); the lead of the term takes all of them
STEPS = {
    "appel": ("recruit", "planned", "recruiting", "term.recruited"),
    "tirage": ("draw", "recruiting", "drawn", "term.drawn"),
    "installer": ("install", "drawn", "installed", "term.installed"),
    "commencer": ("start", "installed", "active", "term.started"),
    "cloturer": ("wind_down", "active", "closing", "term.closing"),
    "clore": ("close", "closing", "closed", "term.closed"),
    "archiver": ("archive", "closed", "archived", "term.archived"),
    "rouvrir": ("reopen", "closed", "closing", "term.reopened"),
}
# the room of terms is closed to all but leads; a lead of another assembly does not see this term
REFUSED = {"lead": None, "lead elsewhere": 404, "officer": 403, "member": 403, "dpo": 403}


def step_url(term, slug):
    return reverse("institution:term-step", args=[term.pk, slug])


@pytest.mark.parametrize("role", REFUSED)
def test_every_step_of_a_term_from_every_state_by_every_role(role, people, signed_in):
    term, browser = people.term, signed_in(people.elsewhere("lead") if role == "lead elsewhere" else role)
    MandateFactory(term=term)
    SittingFactory(term=term, held=True)
    for (slug, (_verb, source, target, word)), state in product(STEPS.items(), TermState):
        with undone(slug, state, role):
            Term.objects.filter(pk=term.pk).update(state=state, decision_reference="CP-2025-12")
            expected = REFUSED[role] or (302 if state == source else 409)
            answer = browser.post(step_url(term, slug), {"reason": "suites à noter"})
            assert answer.status_code == expected, (slug, state, role)
            term.refresh_from_db()
            assert term.state == (target if expected == 302 else state)
            assert Entry.objects.filter(event_type=word).count() == (expected == 302)
    assert browser.get(step_url(term, "voler")).status_code == (REFUSED[role] or 404)


@pytest.mark.parametrize(
    ("state", "slug", "sentence"),
    [
        ("planned", "appel", "Notez d’abord la délibération"),
        ("recruiting", "tirage", "Enregistrez d’abord les personnes tirées au sort"),
        ("drawn", "installer", "Tenez d’abord la première séance plénière"),
        ("installed", "commencer", "personne ne siège encore"),
        ("closing", "clore", "1 séance plénière est encore à tenir"),
        ("closed", "archiver", "1 compte rendu de plénière n’est pas scellé"),
    ],
)
def test_each_step_of_a_term_says_what_is_missing(state, slug, sentence, signed_in, people):
    term = people.term
    Term.objects.filter(pk=term.pk).update(state=state, decision_reference="")
    if slug == "clore":
        SittingFactory(term=term, notified=True)
    if slug == "archiver":
        held = SittingFactory(term=term, held=True)
        Minutes.objects.create(sitting=held, kind="formal", writer=people["officer"], due_on=held.starts_at.date())
    browser = signed_in("lead")
    assert sentence in browser.get(reverse("institution:term", args=[term.pk])).content.decode()
    assert browser.post(step_url(term, slug)).status_code == 422
    assert sentence in browser.get(step_url(term, slug)).content.decode()
    term.refresh_from_db()
    assert term.state == state


def test_a_call_waits_for_the_decision_and_reopening_for_a_reason(signed_in, people):
    browser, term = signed_in("lead"), people.term
    Term.objects.filter(pk=term.pk).update(state=TermState.PLANNED)
    page = browser.post(step_url(term, "appel"))
    assert page.status_code == 422
    assert "Notez d’abord la délibération" in page.content.decode()
    Term.objects.filter(pk=term.pk).update(state=TermState.CLOSED)
    assert browser.post(step_url(term, "rouvrir")).status_code == 422
    browser.post(step_url(term, "rouvrir"), {"reason": "suites à noter"})
    term.refresh_from_db()
    assert term.state == TermState.CLOSING
    assert "suites à noter" in browser.get(reverse("institution:term", args=[term.pk])).content.decode()


def test_a_new_term_is_led_by_whoever_opens_it(signed_in, people):
    browser = signed_in("lead")
    form = {
        "number": 3,
        "name": "Troisième Assemblée",
        "starts_on": "2027-06-01",
        "ends_on": "2028-12-31",
        "seats": 108,
    }
    browser.post(reverse("institution:term-create"), form)
    term = Term.objects.get(number=3)
    assert browser.get(reverse("institution:term", args=[term.pk])).status_code == 200
    again = browser.post(reverse("institution:term-create"), form).content.decode()
    assert "revoir" in again
    chosen = browser.post(reverse("institution:term-choose"), {"term": term.pk, "next": "https://pirate.example/"})
    assert chosen.headers["Location"] == reverse("portal:area")
    other = TermFactory(another=True)
    assert browser.post(reverse("institution:term-choose"), {"term": other.pk}).status_code == 404


def test_the_logo_given_replaces_the_drawing_on_every_page(client, people):
    assert people.assembly
    assert "<img" not in client.get(reverse("account_login")).content.decode()
    Assembly.objects.update(logo_png=b"png", logo_digest="0123456789abcdef")
    assert f"{reverse('institution:logo')}?v=0123456789abcdef" in client.get(reverse("account_login")).content.decode()
