"""The message itself: nothing that anybody typed enters a header, each reader reads French."""

import pytest

from assembly.notifications import composing
from tests.factories.identity import PersonFactory
from tests.factories.institution import AssemblyFactory
from tests.factories.notifications import DeliveryFactory, DistributionFactory

pytestmark = pytest.mark.django_db
HOSTILE = "Bonjour\r\nBcc: victime@example.org\n\nCorps"


def test_message_says_who_writes_to_whom_and_where_to_answer():
    delivery = DeliveryFactory(
        distribution=DistributionFactory(title="Séance du 28 mars"), context={"body": "Rendez-vous\nà 9 h 30."}
    )
    message = composing.email_message(delivery)
    sent = message.message()
    assert sent["Subject"] == "Séance du 28 mars"
    assert sent["From"] == "Assemblée citoyenne <assemblee@example.org>"
    assert sent["To"] == f"{delivery.recipient_name} <{delivery.address}>"
    assert sent["Reply-To"] == "equipe@example.org"
    assert sent["Message-ID"] == delivery.message_id
    assert sent["List-Id"] == "<haute-garonne.example.org>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Unsubscribe"] is None
    text, html = (part.get_content() for part in sent.iter_parts())
    assert f"Bonjour {delivery.recipient_name}," in text
    assert "Rendez-vous\nà 9 h 30." in text
    assert "Rendez-vous<br>à 9 h 30." in html


def test_a_long_subject_is_cut_between_two_words():
    title = "Convocation, samedi 28 novembre 2026 : Séance plénière extraordinaire sur le grand âge"
    delivery = DeliveryFactory(distribution=DistributionFactory(title=title), context={"body": "x"})
    subject = composing.email_message(delivery).subject
    assert subject == "Convocation, samedi 28 novembre 2026\u00a0: Séance plénière extraordinaire…"
    assert len(subject) <= composing.SUBJECT_LENGTH


def test_only_news_can_be_refused():
    sent = composing.email_message(DeliveryFactory(distribution__kind="news", context={"body": "x"})).message()
    assert sent["List-Unsubscribe"].startswith("<http://localhost:8000/courriels/arret/")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("where", ["title", "recipient_name", "sender_name"])
def test_line_breaks_never_reach_a_header(where):
    assembly = AssemblyFactory(sender_name=HOSTILE if where == "sender_name" else "Assemblée")
    delivery = DeliveryFactory(
        distribution=DistributionFactory(
            title=HOSTILE if where == "title" else "Objet", term__assembly=assembly, assembly=assembly
        ),
        recipient_name=HOSTILE if where == "recipient_name" else "Moi",
        context={"body": "x"},
    )
    sent = composing.email_message(delivery).message()
    raw = sent.as_bytes().partition(b"\r\n\r\n")[0]
    assert sent["Bcc"] is None
    assert b"\nBcc" not in raw


def test_what_a_person_typed_is_text_and_not_page():
    delivery = DeliveryFactory(context={"body": "<script>alert(1)</script>"}, person=PersonFactory(first_name="<b>"))
    text, html = (part.get_content() for part in composing.email_message(delivery).message().iter_parts())
    assert "<script>" in text
    assert "<script>" not in html
    assert "<b>" not in html


def test_same_bytes_are_sent_and_kept_as_proof():
    message = composing.email_message(DeliveryFactory(context={"body": "x"}))
    assert message.message() is message.message()
    assert message.digest == message.digest


def test_letter_without_its_own_words_has_those_of_the_mail():
    html = composing.letter_html(DeliveryFactory(paper=True, context={"body": "La séance est samedi."}))
    assert "La séance est samedi." in html
    assert "<p>" in html
