"""Nobody is left anywhere after an erasure: tables, files on disk and their words, messages, cache, logs."""

import logging

import pytest
import redis
from django.core.mail import EmailMessage

from assembly.documents.models import Rendition
from assembly.documents.tasks import render
from assembly.documents.text.pdf import read_pdf
from assembly.identity import actions as identity
from assembly.identity.models import Person
from assembly.notifications.actions import distributions
from assembly.notifications.mailbox import MailboxBackend
from assembly.notifications.models import Delivery, DeliveryState, LocalMessage
from assembly.web.logs import JsonFormatter
from sessions.models import Invitee
from tests.assembly.identity.test_personal_data import SEEDED, everywhere
from tests.factories.notifications import DeliveryFactory, DistributionFactory
from tests.sessions.sittings.closed_sitting import closed_sitting

NEEDLES = [*SEEDED.values(), "Zéphyrine", "Quetzalcoatl", "ancienne.zephyrine@example.net"]
pytestmark = pytest.mark.django_db(transaction=True)


def words_of(content):
    """Return the bytes as text, and the text of a PDF, whose pages are compressed."""
    text = content.decode("utf-8", "ignore")
    if content.startswith(b"%PDF"):
        text += " ".join(read_pdf(content))
    return " ".join(text.replace("\u00a0", " ").split())


def on_disk(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, needle) for path in files for needle in NEEDLES if needle in words_of(path.read_bytes())]


def in_cache(address):
    store = redis.Redis.from_url(address)
    values = [store.dump(key) or b"" for key in store.scan_iter()]
    return [needle for needle in NEEDLES for value in values if needle.encode() in value]


@pytest.fixture
def zephyrine(people, settings, tmp_path):
    """Make a member with a letter printed together with another's, a mail to a former address, a sheet to sign."""
    settings.BLOB_DIR = tmp_path / "blobs"
    held = closed_sitting(people)
    user = held.members[1]
    Person.objects.filter(pk=user.person_id).update(**SEEDED, channel="paper")
    user.person.refresh_from_db()
    distribution = DistributionFactory(term=people.term, kind="message", requested_by=held.officer)
    address = "12 impasse Wolframite\n31999 Yggdrasilbourg"
    DeliveryFactory(
        distribution=distribution,
        person=user.person,
        way="paper",
        address=address,
        context={"body": "Zéphyrine, bonjour"},
    )
    DeliveryFactory(distribution=distribution, paper=True, context={"body": "Bonjour"})
    rendition = distributions.print_letters(distribution, by=held.officer)
    render(rendition.pk)
    former = DistributionFactory(term=people.term, kind="address-left")
    DeliveryFactory(distribution=former, person=user.person, address=NEEDLES[-1], state=DeliveryState.SENT)
    MailboxBackend().send_messages([EmailMessage("Bonjour", "Zéphyrine Quetzalcoatl", "a@example.org", [NEEDLES[-1]])])
    assert Invitee.objects.filter(person=user.person).exists()
    return user


def test_an_erasure_leaves_nothing_in_files_messages_cache_nor_logs(people, zephyrine, settings, caplog):
    assert on_disk(settings.BLOB_DIR)
    assert everywhere([NEEDLES[-1]])
    caplog.set_level(logging.DEBUG)
    identity.erase(zephyrine.person, by=people["dpo"])
    assert on_disk(settings.BLOB_DIR) == []
    assert everywhere(NEEDLES) == []
    assert LocalMessage.objects.count() == 0
    assert in_cache(settings.REDIS_URL) == []
    logged = [JsonFormatter().format(record) for record in caplog.records if record.name != "django.db.backends"]
    assert [needle for needle in NEEDLES for line in logged if needle in line] == []


def test_letters_of_the_others_are_made_again(people, zephyrine, settings):
    identity.erase(zephyrine.person, by=people["dpo"])
    again = Rendition.objects.get(kind=distributions.LETTERS)
    render(again.pk)
    again.refresh_from_db()
    assert again.is_ready
    assert on_disk(settings.BLOB_DIR) == []
    other = Delivery.objects.exclude(person=zephyrine.person).get()
    assert any(
        other.recipient_name in words_of(path.read_bytes()) for path in settings.BLOB_DIR.rglob("*") if path.is_file()
    )
