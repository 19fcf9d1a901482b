"""A pack read on a phone: papers marked as read; a text listened to, where the device has a French voice."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import BriefingReadMark
from tests.consultations.briefing.test_pages import filled
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_minutes import shot
from tests.factories.consultations import HearingFactory, ReferralFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The browser of the tests has no voice: this one records each text, and ends it when a test calls `endUtterance()`.
VOICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
const voice = new EventTarget();
voice.getVoices = () => [{ lang: "fr-FR", localService: IS_LOCAL }];
voice.speak = (utterance) => {
  spoken.push(utterance.text);
  window.endUtterance = () => utterance.dispatchEvent(new Event("end"));
};
voice.cancel = () => {};
Object.defineProperty(window, "speechSynthesis", { value: voice });
"""


@pytest.fixture
def phone(open_context):
    return open_context(viewport=PHONE).new_page()


def test_papers_are_marked_as_read_without_leaving_the_page(phone, sign_in, people):
    pack = filled(ReferralFactory(term=people.term, working=True, title="Bien vieillir"))
    sign_in(phone.context, people["member"])
    phone.goto(reverse("consultations:my-briefing", args=[pack.referral_id]))
    button = phone.get_by_role("button", name="Marquer comme lu : Le schéma Autonomie")
    assert button.bounding_box()["height"] >= 44
    button.focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status").filter(has_text="1 document lu sur 3.")).to_have_count(1)
    expect(phone.get_by_role("button", name="À relire : Le schéma Autonomie")).to_be_focused()
    assert BriefingReadMark.objects.get().user == people["member"]
    shot(phone, "briefing-read")
    assert_usable(phone)
    expect(phone.get_by_role("button", name="Écouter")).to_be_hidden()  # no voice here
    phone.get_by_role("button", name="À relire : Le schéma Autonomie").click()
    expect(phone.get_by_role("button", name="Marquer comme lu : Le schéma Autonomie")).to_be_focused()
    assert not BriefingReadMark.objects.exists()


def report_read_aloud(phone, sign_in, people, *, is_local):
    hearing = HearingFactory(
        referral__term=people.term, held=True, report="<h3>Le matin</h3><p>Elle parle.</p><p>On répond.</p>"
    )
    phone.add_init_script(VOICE.replace("IS_LOCAL", "true" if is_local else "false"))
    sign_in(phone.context, people["member"])
    phone.goto(reverse("consultations:my-hearing", args=[hearing.pk]))


def test_a_text_is_read_aloud_paused_where_it_stands_and_stopped(phone, sign_in, people):
    report_read_aloud(phone, sign_in, people, is_local=True)
    phone.get_by_role("button", name="Écouter").click()
    expect(phone.locator(".is-read-aloud")).to_have_text("Le matin")
    phone.evaluate("endUtterance()")
    shot(phone, "listen")
    phone.get_by_role("button", name="Mettre en pause").click()
    phone.evaluate("endUtterance()")  # what was cancelled ends too
    expect(phone.locator(".is-read-aloud")).to_have_count(0)
    phone.get_by_role("button", name="Reprendre").click()
    phone.evaluate("endUtterance()")
    assert phone.evaluate("spoken") == ["Le matin", "Elle parle.", "Elle parle.", "On répond."]
    assert_usable(phone)
    phone.get_by_role("button", name="Arrêter").click()
    expect(phone.get_by_role("button", name="Écouter")).to_be_focused()
    phone.keyboard.press("Enter")
    assert phone.evaluate("spoken.at(-1)") == "Le matin"


def test_a_voice_that_would_send_the_words_elsewhere_is_not_offered(phone, sign_in, people):
    report_read_aloud(phone, sign_in, people, is_local=False)
    expect(phone.get_by_role("button", name="Écouter")).to_be_hidden()
