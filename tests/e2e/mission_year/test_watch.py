"""The watch: a feed through the closed fetcher, its doubles, what is kept, the letter that is corrected and leaves."""

import io
from email import message_from_bytes
from email.policy import default
from functools import partial

import docx
import pytest
from playwright.sync_api import expect

from mission.fetcher.fetching import fetch_feed
from mission.fetcher.policy import Policy
from mission.watch import actions as watch
from mission.watch.models import WatchDigest, WatchItem, WatchSource
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, confirm, fill_in, save, send, taken
from tests.mission.fetcher import hostile
from tests.mission.fetcher.hostile import HOST, answer, item, rss, sent

pytestmark = pytest.mark.browser
ICPC = "ICPC : les assemblées citoyennes permanentes en France"  # noted by hand on 3 November
FEED = rss(
    item("Un arrêt sur le tirage au sort", "https://exemple.fr/arret")
    + item("Une foire", "https://exemple.fr/f")
    + item(ICPC, "https://i-cpc.org/?p=36747&amp;utm_source=flux")
)
ADDED = "À lire avant la plénière."


def fetch_its_feed(source):
    """Fetch from the server of the test, which the form refuses: it is local and on a closed port."""
    with hostile.serving(HOST, {"/flux.xml": sent(answer(FEED))}) as server:
        WatchSource.objects.filter(pk=source.pk).update(address=f"http://{HOST}:{server.port}/flux.xml")
        policy = Policy(ports=(80, server.port), networks=(f"{HOST}/32",), total_seconds=5, idle_seconds=2)
        assert watch.fetch_due(partial(fetch_feed, policy=policy)) == 1


def test_from_a_source_to_the_letter_that_left(year):
    page = year.desk("lead")
    save(page, "sources-de-veille/nouveau/", name="Un réseau intérieur", address="http://127.0.0.1:8000/flux.xml")
    expect(page.get_by_text("port").first).to_be_visible()  # refused unseen
    fill_in(page, name="Conseil d’État", address="https://exemple.fr/flux.xml", kind="feed", item_kind="legal")
    send(page, "Enregistrer")
    expect(page.locator("h1")).to_have_text("Conseil d’État")
    fetch_its_feed(WatchSource.objects.get(name="Conseil d’État"))

    page.goto(f"{MISSION}/veille/")
    expect(page.get_by_role("link", name=ICPC)).to_have_count(1)
    expect(page.get_by_role("link", name="Une foire")).to_be_visible()
    page.get_by_role("link", name="Un arrêt sur le tirage au sort").click()
    confirm(page, "Retenir")
    expect(page.get_by_text("L’information est retenue.")).to_be_visible()
    kept = WatchItem.objects.get(name="Un arrêt sur le tirage au sort")
    assert_usable(page)

    again = {"name": "Le même, lu ailleurs", "link": "http://www.exemple.fr/arret/?utm_source=x", "kind": "legal"}
    save(page, "veille/nouveau/", **again)
    expect(page.get_by_text(f"C’est déjà noté : {kept.reference}").first).to_be_visible()

    page.goto(f"{MISSION}/lettres-de-veille/nouveau/")
    body = page.locator("[name=body]")
    expect(body).to_have_value(composed := body.input_value())
    for words in ("## Juridique", "### Un arrêt sur le tirage au sort\n\nConseil d’État", f"### {ICPC}"):
        assert words in composed
    assert "Poitiers" not in composed  # told in October
    fill_in(page, name="Veille, décembre 2026", body=f"{composed}\n\n{ADDED}")
    send(page, "Enregistrer")
    letter = WatchDigest.objects.get(name="Veille, décembre 2026")
    expect(page.get_by_role("link", name="Modifier")).to_have_count(1)
    confirm(page, "Envoyer la lettre")
    expect(page.get_by_text("La lettre est en cours d’envoi.")).to_be_visible()
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    assert_usable(page)
    assert ADDED in taken(page, page.get_by_role("link", name="Télécharger la page HTML")).read_text()
    word = docx.Document(io.BytesIO(taken(page, page.get_by_role("link", name="Télécharger en Word")).read_bytes()))
    assert ADDED in [part.text for part in word.paragraphs]
    refused = page.request.get(f"{MISSION}/lettres-de-veille/{letter.pk}/modifier/")
    assert refused.status == 409

    mails = year.post("Veille, décembre 2026")
    assert mails.keys() == {year.user("lead").email, year.user("officer").email}
    told = message_from_bytes(bytes(mails[year.user("lead").email].raw), policy=default)
    assert ADDED in told.get_body(("plain",)).get_content()
    kept.refresh_from_db()
    assert kept.state == "shared"
