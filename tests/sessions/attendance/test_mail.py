"""What a member reads about absences, expenses and staying in touch: by mail, on paper."""

from decimal import Decimal

import pytest

from assembly.notifications.composing import email_message, letter_html
from assembly.notifications.models import Delivery
from members.consents import actions as consents
from sessions.attendance import actions as attendance
from sessions.expenses import actions as expenses
from sessions.models import AbsenceCase
from tests.factories.life import AbsenceCaseFactory, claim_with_lines
from tests.factories.members import MandateFactory, mandate_of

pytestmark = pytest.mark.django_db


def delivery():
    return Delivery.objects.select_related("distribution__assembly", "distribution__term", "person").latest("pk")


def read(sent):
    """Return the subject, then text and page without HTML tags."""
    message = email_message(sent)
    bodies = [message.body, *(part.content for part in getattr(message, "alternatives", []))]
    return message.subject, " ".join(" ".join(bodies).replace("\u00a0", " ").split())


def test_absences_are_told_in_the_words_that_were_sent(people):
    case = AbsenceCaseFactory(mandate=mandate_of(people))
    attendance.warn_member(case, text="Bonjour,\n\nUn trajet <b>gêne</b> ?", by=people["officer"])
    subject, text = read(delivery())
    assert subject == "Vos absences aux séances"
    assert "Un trajet <b>gêne</b> ?" in text  # plain words in the text…
    assert "&lt;b&gt;gêne&lt;/b&gt;" in text  # …and never markup in the page
    paper = AbsenceCaseFactory(mandate=MandateFactory(paper=True))
    attendance.warn_member(AbsenceCase.objects.get(pk=paper.pk), text="Bonjour, venez-vous ?", by=people["officer"])
    assert "Bonjour, venez-vous" in letter_html(delivery())


@pytest.mark.parametrize("outcome", ["returned", "refused", "paid"])
def test_a_claim_is_answered_with_its_reason_and_no_amount(outcome, people):
    claim = claim_with_lines(people["member"].person, state="sent" if outcome == "paid" else "submitted")
    if outcome == "paid":
        expenses.pay(claim, paid_on=claim.created_at.date(), payment_reference="MP-7", by=people["officer"])
    else:
        act = expenses.send_back if outcome == "returned" else expenses.refuse
        act(claim, reason="Il manque le ticket & la date.", by=people["officer"])
    subject, text = read(delivery())
    assert {"returned": "à compléter", "refused": "refusée", "paid": "payé"}[outcome] in subject
    assert "\n" not in subject
    assert ("MP-7" if outcome == "paid" else "Il manque le ticket & la date.") in text
    assert f"/espace/frais/{claim.pk}/" in text
    assert str(Decimal("34.44")).replace(".", ",") not in text


def test_the_welcome_has_the_link_by_mail_and_the_telephone_on_paper(people):
    by_mail, paper = mandate_of(people), MandateFactory(paper=True)
    consents.stay_in_touch(by_mail.member, by_mail.term, agrees=True, by=people["member"])
    assert "/rester-en-contact/" in read(delivery())[1]
    consents.stay_in_touch(paper.member, paper.term, agrees=True, by=people["officer"], channel="phone")
    assert "appelez l’équipe" in letter_html(delivery())
    assert "/rester-en-contact/" not in letter_html(delivery())
