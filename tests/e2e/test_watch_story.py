"""The watch: a feed through the closed fetcher, what is kept, told once, linked to a referral, sent, never changed."""

import io
from email import message_from_bytes
from email.policy import default
from functools import partial

import docx
import pytest
from playwright.sync_api import expect

from assembly.notifications.actions import sending
from assembly.notifications.models import LocalMessage
from mission.digests.models import WatchDigest
from mission.fetcher.fetching import fetch_feed
from mission.fetcher.policy import Policy
from mission.watch import feeding
from mission.watch.models import WatchItem, WatchSource
from tests.e2e.accessibility import assert_usable
from tests.factories.consultations import ReferralFactory
from tests.mission.fetcher import hostile
from tests.mission.fetcher.hostile import HOST, answer, item, rss, sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MISSION = "/bureau/mission"
FEED = rss(
    item("Un arrêt sur le tirage au sort", "https://exemple.fr/arret") + item("Une foire", "https://exemple.fr/f")
)


def send(page, words):
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def confirm(page, words):
    """A step, asked in a dialog."""
    page.get_by_role("link", name=words, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=words, exact=True).click()


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def save(page, download):
    """What a link gives to keep."""
    with page.expect_download() as kept:
        download.click()
    return kept.value.path().read_bytes()


def test_from_a_source_to_the_letter_that_left(site, open_context, sign_in, people, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    referral = ReferralFactory(term=people.term, title="Bien vieillir", reference="S-2026-01")
    page = open_context().new_page()
    sign_in(page.context, "lead")

    page.goto(f"{MISSION}/sources-de-veille/")
    page.get_by_role("link", name="Ajouter une source").first.click()
    fill(page, name="Un réseau intérieur", address="http://127.0.0.1:8000/flux.xml")
    send(page, "Enregistrer")
    expect(page.get_by_text("port").first).to_be_visible()  # refused unseen
    fill(page, name="Conseil d’État", address="https://exemple.fr/flux.xml")
    page.locator("[name=kind]").select_option("feed")
    page.locator("[name=item_kind]").select_option("legal")
    send(page, "Enregistrer")
    expect(page.locator("h1")).to_have_text("Conseil d’État")
    # The server of a test is inside and on a closed port: written past the form, and the fetcher told to allow it.
    with hostile.serving(HOST, {"/flux.xml": sent(answer(FEED))}) as server:
        WatchSource.objects.update(address=f"http://{HOST}:{server.port}/flux.xml")
        policy = Policy(ports=(80, server.port), networks=(f"{HOST}/32",), total_seconds=5, idle_seconds=2)
        assert feeding.fetch_due(partial(fetch_feed, policy=policy)) == 1

    page.goto(f"{MISSION}/veille/")
    page.get_by_role("link", name="Un arrêt sur le tirage au sort").click()
    confirm(page, "Retenir")
    expect(page.get_by_text("L’information est retenue.")).to_be_visible()
    kept = WatchItem.objects.get(state="kept")
    page.get_by_role("link", name="Lier à une saisine").click()
    page.locator("[name=end]").select_option(f"referral:{referral.pk}")
    send(page, "Enregistrer")
    page.goto(f"{MISSION}/veille/{kept.pk}/")
    expect(page.get_by_role("link", name="S-2026-01, Bien vieillir")).to_be_visible()
    assert_usable(page)

    page.goto(f"{MISSION}/veille/nouveau/")
    fill(page, name="Le même, lu ailleurs", link="http://www.exemple.fr/arret/?utm_source=x")
    page.locator("[name=kind]").select_option("legal")
    send(page, "Enregistrer")
    expect(page.get_by_text(f"C’est déjà noté : {kept.reference}").first).to_be_visible()

    page.goto(f"{MISSION}/veille/")
    page.get_by_role("link", name="Composer la lettre").click()
    body = page.locator("[name=body]")
    expect(body).to_have_value(
        "## Juridique\n\n### Un arrêt sur le tirage au sort\n\nConseil d’État\n\nhttps://exemple.fr/arret"
    )
    fill(page, name="Veille, novembre 2026", body=f"{body.input_value()}\n\nÀ lire avant la plénière.")
    send(page, "Enregistrer")
    letter = WatchDigest.objects.get()
    page.get_by_role("link", name="Destinataires").click()
    page.locator("[name=user]").select_option(str(people["lead"].pk))
    send(page, "Ajouter")
    expect(page.get_by_text("1 personne la reçoit par courriel.")).to_be_visible()
    page.goto(f"{MISSION}/lettres-de-veille/{letter.pk}/")
    expect(page.get_by_role("link", name="Modifier")).to_have_count(1)
    confirm(page, "Envoyer la lettre")
    expect(page.get_by_text("La lettre part.")).to_be_visible()
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    assert_usable(page)
    web = save(page, page.get_by_role("link", name="Télécharger la page HTML"))
    assert "À lire avant la plénière." in web.decode()
    word = docx.Document(io.BytesIO(save(page, page.get_by_role("link", name="Télécharger en Word"))))
    assert "À lire avant la plénière." in [part.text for part in word.paragraphs]
    refused = page.goto(f"{MISSION}/lettres-de-veille/{letter.pk}/modifier/")
    assert refused.status == 409

    sending.run(0)
    message = LocalMessage.objects.get()
    told = message_from_bytes(bytes(message.raw), policy=default).get_body(("plain",)).get_content()
    assert people["lead"].email in message.recipients
    assert "À lire avant la plénière." in told
    kept.refresh_from_db()
    assert kept.state == "shared"
