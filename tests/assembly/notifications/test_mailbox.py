"""The mailbox of a developer's machine."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from assembly.notifications.actions import sending
from assembly.notifications.models import LocalMessage
from tests.factories.notifications import DeliveryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def deliver(**options):
    delivery = DeliveryFactory(context={"body": "Voir http://localhost:8000/espace/ avant samedi."}, **options)
    sending.run(0)
    return LocalMessage.objects.get(message_id=delivery.message_id)


def test_list_finds_a_message_by_its_recipient(client):
    for address in ["une@example.org", "autre@example.org"]:
        deliver(address=address)
    text = client.get("/boite-mail/").content.decode()
    assert "une@example.org" in text
    assert "autre@example.org" in text
    text = client.get("/boite-mail/", {"a": "une@example"}).content.decode()
    assert "autre@example.org" not in text
    assert "Aucun message ne correspond" in client.get("/boite-mail/", {"a": "personne@nulle.part"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_whatever_its_length(client, django_assert_num_queries, count):
    for _ in range(count):
        deliver()
    client.get("/boite-mail/")
    with django_assert_num_queries(3):
        client.get("/boite-mail/")


def test_message_has_links_that_work_and_a_page_in_a_sandbox(client):
    message = deliver()
    text = client.get(f"/boite-mail/{message.pk}/").content.decode()
    assert 'href="http://localhost:8000/espace/"' in text
    page = Client().get(f"/boite-mail/{message.pk}/page/")  # a mail has styles of its own, hence no strict client
    policy = page["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in page.content.decode()


def test_attachment_comes_as_a_file_with_a_tame_name(client):
    mail = EmailMultiAlternatives("x", "y", "a@example.org", ["b@example.org"])
    mail.attach('../../e"vil\u202e.html', "<script>1</script>", "text/html")
    mail.send()
    message = LocalMessage.objects.get()
    answer = Client().get(f"/boite-mail/{message.pk}/pieces/0/")  # its content is anything
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert '"' not in answer["Content-Disposition"]
    assert "/" not in answer["Content-Disposition"]
    assert client.get(f"/boite-mail/{message.pk}/pieces/7/").status_code == 404
    assert client.get(f"/boite-mail/{message.pk}/page/").status_code == 404


@pytest.mark.parametrize("tail", ["", "{pk}/", "{pk}/page/", "{pk}/pieces/0/"])
def test_on_a_server_it_does_not_exist(client, settings, tail):
    message = deliver()
    settings.LOCAL = False
    assert client.get("/boite-mail/" + tail.format(pk=message.pk)).status_code == 404
