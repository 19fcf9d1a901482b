"""Papers and mails made from a sitting: words, files, and that the same facts give the same bytes."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse
from icalendar import Calendar

from assembly.documents.models import Rendition
from assembly.documents.pdf.render import render
from assembly.documents.tasks import render as render_job
from assembly.notifications.composing import email_message, letter_html
from assembly.notifications.models import Delivery
from sessions.attendance import actions as certificate_actions, contributions as attendance_documents
from sessions.attendance.queries import facts
from sessions.attendance.views import call_rows
from sessions.models import Invitee
from sessions.sittings.actions import convening as actions
from sessions.sittings.queries import convening
from sessions.sittings.queries.calendar import notice_file
from tests import verapdf
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, AttendanceFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db
CONFORMS = {"3a": [], "ua1": []}


def text_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.Root.MarkInfo.Marked, str(document.Root.Lang), len(document.pages)


@pytest.fixture
def convened(people):
    sitting = SittingFactory(video_link="https://visio.example.org/salle", offers_meal=True)
    AgendaItemFactory(sitting=sitting, title="Le schéma « Autonomie » : où en est-on ?", note="Une heure.")
    MandateFactory(member__person__first_name="Élise", member__person__last_name="Müller-Łoś")
    MandateFactory(paper=True)
    actions.notify(sitting, by=people["officer"])
    return sitting


def test_the_mail_says_everything_in_its_body(convened):
    delivery = Delivery.objects.select_related("distribution__assembly", "person").get(way="email")
    message = email_message(delivery)
    body = message.body
    assert re.fullmatch(r"\w+ \d+(er)?\u00a0\w+ \d{4}, Séance plénière\u00a0: convocation", message.subject)
    for piece in (
        "9 h 30",
        "Hôtel du Département",
        "https://visio.example.org/salle",
        "/reponse/",
        "schéma « Autonomie",
    ):
        assert piece in body.replace("\u00a0", " "), piece
        assert piece in message.alternatives[0].content.replace("\u00a0", " "), piece
    names = [attachment.filename for attachment in message.attachments]
    assert [name.rsplit(".")[-1] for name in names] == ["ics", "pdf"]
    assert "&" not in body.replace("&amp;", "")
    assert email_message(delivery).message().as_bytes().count(b"Le sch") == message.message().as_bytes().count(
        b"Le sch"
    )


def test_the_event_is_one_that_calendars_read(convened):
    message = email_message(Delivery.objects.select_related("distribution__assembly", "person").get(way="email"))
    event = Calendar.from_ical(message.attachments[0].content).walk("VEVENT")[0]
    assert (event.start, event.end, event["SEQUENCE"]) == (convened.starts_at, convened.ends_at, 0)
    assert str(event["UID"]).startswith(str(convened.public_id))


@pytest.mark.parametrize(("act", "method"), [(None, "PUBLISH"), ("cancel", "CANCEL"), ("postpone", "CANCEL")])
def test_the_event_in_a_mail_says_its_method_and_who_organises(convened, people, act, method):
    """Outlook reads `method=` on the part; RFC 5546 wants an ORGANIZER with PUBLISH and with CANCEL."""
    if act:
        convened.refresh_from_db()
        getattr(actions, act)(convened, reason="Neige", by=people["officer"])
    delivery = Delivery.objects.select_related("distribution__assembly", "person").filter(way="email").latest("pk")
    part = next(
        part for part in email_message(delivery).message().walk() if part.get_content_type() == "text/calendar"
    )
    assert part.get_param("method") == method
    assert part.get_content_charset() == "utf-8"
    assert part.get_filename().endswith(".ics")
    found = Calendar.from_ical(part.get_content())
    assert found["METHOD"] == method
    organizer = found.walk("VEVENT")[0]["ORGANIZER"]
    assert str(organizer) == f"mailto:{delivery.distribution.assembly.reply_email}"
    assert organizer.params["CN"] == delivery.distribution.assembly.sender_name


def test_a_sitting_by_video_alone_has_its_link_as_location(people):
    sitting = SittingFactory(place_name="", place_address="", video_link="https://visio.example.org/salle")
    MandateFactory()
    actions.notify(sitting, by=people["officer"])
    event = Calendar.from_ical(notice_file(sitting.notices.get())).walk("VEVENT")[0]
    assert (event["LOCATION"], event["URL"]) == ("https://visio.example.org/salle", "https://visio.example.org/salle")


def test_the_letter_has_a_coupon_and_no_link(convened):
    delivery = Delivery.objects.select_related("distribution__assembly", "person").get(way="paper")
    html = letter_html(delivery)
    assert "Je prends le repas" in html
    assert "/reponse/" not in html


@pytest.mark.parametrize("kind", ["postponed", "cancelled", "changed", "reminder"])
def test_every_other_message_renders_in_both_forms(convened, people, kind):
    officer = people["officer"]
    convened.refresh_from_db()
    if kind == "postponed":
        actions.postpone(convened, reason="Neige", by=officer)
    elif kind == "cancelled":
        actions.cancel(convened, reason="Neige", by=officer)
    elif kind == "changed":
        convened.place_name = "Muret"
        convened.save()
        actions.renotify(convened, by=officer)
    else:
        actions.remind(convened, by=officer)
    for delivery in Delivery.objects.select_related("distribution__assembly", "person").order_by("-pk")[:2]:
        if delivery.distribution.kind == "sitting-notice":
            continue
        if delivery.way == "email":
            message = email_message(delivery)
            assert "UNDEFINED" not in message.body + message.alternatives[0].content
        else:
            assert "UNDEFINED" not in letter_html(delivery)


def test_sheets_are_tagged_french_and_repeatable(convened):
    notice = convened.notices.get()
    first, again = render(convening.agenda_source(notice)), render(convening.agenda_source(notice))
    assert first == again
    assert text_of(first) == (True, "fr", 1)
    assert text_of(render(attendance_documents.sign_in_source(convened))) == (True, "fr", 2)


def test_sheets_conform_to_the_standards_of_archives_and_of_access(convened, tmp_path):
    sitting = SittingFactory(held=True)
    stay = AttendanceFactory(invitee=InviteeFactory(sitting=sitting), left_at=sitting.ends_at)
    for name, made in (
        ("agenda", convening.agenda_pdf(convened.notices.get())),
        ("sheet", render(attendance_documents.sign_in_source(convened))),
        ("badges", render(attendance_documents.badges_source(convened))),
        ("certificate", facts.certificate_pdf(stay.invitee)),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(made)
        assert verapdf.verdicts(path) == CONFORMS, name


def test_certificates_leave_once_for_those_who_came(people):
    sitting = SittingFactory(held=True)
    came = InviteeFactory(sitting=sitting)
    AttendanceFactory(invitee=came, left_at=sitting.break_starts_at)
    InviteeFactory(sitting=sitting)
    first = certificate_actions.send_certificates(sitting, by=people["officer"])
    assert certificate_actions.send_certificates(sitting, by=people["officer"]) == first
    delivery = Delivery.objects.select_related("distribution__assembly", "person").get()
    assert delivery.person == came.person
    message = email_message(delivery)
    assert message.attachments[0].content[:5] == b"%PDF-"
    html = facts.certificate_source(Invitee.objects.select_related("sitting__term__assembly").get(pk=came.pk)).html
    assert "Soit 1 demi-journée." in html


def test_the_number_typed_at_the_roll_is_printed_for_who_holds_a_seat(convened):
    """On the sheet at the entrance and on the badge; a guest has a badge without a number; eleven are two pages."""
    InviteeFactory(sitting=convened, person__last_name="Pujol", is_member=False, capacity="experte")
    numbers = {row.badge for row in call_rows(convened) if row.badge}
    assert len(numbers) == 2
    sheet, badges = attendance_documents.sign_in_source(convened), attendance_documents.badges_source(convened)
    for number in numbers:
        assert number in sheet.html
        assert f'<b class="number">{number}</b>' in badges.html
    assert badges.html.count('<b class="number">') == 2
    assert badges.html.index("Pujol") > badges.html.index("Müller")
    for _ in range(8):
        InviteeFactory(sitting=convened)
    assert text_of(render(attendance_documents.badges_source(convened))) == (True, "fr", 2)


@pytest.mark.parametrize("kind", ["sign-in-sheet", "badges"])
def test_the_sign_in_sheet_is_made_by_a_worker_for_the_bureau(convened, people, signed_in, kind):
    assert signed_in("member").post(reverse(f"sittings:{kind}", args=[convened.pk])).status_code == 403
    browser = signed_in("officer")
    asked = browser.post(reverse(f"sittings:{kind}", args=[convened.pk]))
    job = Rendition.objects.get()
    assert asked.url == reverse("documents:rendition-progress", args=[job.public_id])
    assert browser.post(reverse(f"sittings:{kind}", args=[convened.pk])).url == asked.url
    assert "Actualiser" in browser.get(asked.url).content.decode()
    render_job(job.pk)
    file = signed_in("facilitator").get(reverse("documents:rendition-file", args=[job.public_id]))
    assert file.content[:5] == b"%PDF-"
    assert {"sign-in-sheet": "feuille-d-emargement.pdf", "badges": "badges.pdf"}[kind] in file["Content-Disposition"]
    assert signed_in("member").get(reverse("documents:rendition-file", args=[job.public_id])).status_code == 404
