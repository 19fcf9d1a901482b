"""Twins by address and by title; pauses; the letter as text and as a document."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assembly.collab.document.html import to_page
from mission.letters import text
from mission.watch import rules
from mission.watch.mails import composed_text
from mission.watch.models import WatchItem
from tests.factories.watch import WatchItemFactory, WatchSourceFactory


@pytest.mark.parametrize(
    "address",
    [
        "https://www.exemple.fr/avis/3",
        "http://exemple.fr/avis/3/",
        "https://EXEMPLE.fr:443/avis/3#haut",
        "https://exemple.fr/avis/3?utm_source=lettre&fbclid=x",
    ],
)
def test_one_page_has_one_key(address):
    assert rules.address_key(address) == rules.address_key("https://exemple.fr/avis/3")


@pytest.mark.parametrize(
    "address", ["https://exemple.fr/avis/4", "https://exemple.fr/Avis/3", "https://exemple.fr/avis/3?page=2", ""]
)
def test_another_page_has_another_key(address):
    assert rules.address_key(address) != rules.address_key("https://exemple.fr/avis/3")


@pytest.mark.django_db
def test_twins_share_an_address_or_a_recent_title(people):
    today = timezone.localdate()
    known = WatchItemFactory(assembly=people.assembly, name="Séance d’été", link="https://exemple.fr/ete")
    here = people.assembly.pk

    def double(link, title, **more):
        return rules.double_of(here, link, title, today, **more)

    assert double("http://www.exemple.fr/ete/?utm_medium=x", "Autre titre") == known
    assert double("", "SEANCE D'ETE") == known
    assert double("https://ailleurs.fr/", "Séance   d’été !") == known
    assert double("", "Séance d’hiver") is None
    assert double("", "Séance d’été", but=known.pk) is None
    assert rules.double_of(people.elsewhere("officer").pk + 10_000, "", "Séance d’été", today) is None
    WatchItem.objects.update(created_at=timezone.now() - timedelta(days=62))
    assert double("", "Séance d’été") is None


def test_a_source_that_fails_is_left_alone_longer_and_longer_but_asked_each_day():
    hours = [rules.pause_after(failures) / timedelta(hours=1) for failures in (0, 1, 2, 3, 5, 6, 1000)]
    assert hours == [6, 1, 2, 4, 16, 24, 24]


@pytest.mark.django_db
def test_a_letter_is_composed_by_nature_and_interest(people):
    source = WatchSourceFactory(assembly=people.assembly, name="Vie publique")
    items = [
        WatchItemFactory.build(name="Un forum", kind="event", due_on=timezone.datetime(2026, 12, 4).date(), link=""),
        WatchItemFactory.build(
            name="B mineur", kind="legal", relevance="3", link="https://exemple.fr/b", territory=""
        ),
        WatchItemFactory.build(name="A essentiel", relevance="1", summary="Résumé.", source=source, link=""),
    ]
    assert composed_text(items) == (
        "## Juridique\n\n### A essentiel\n\nRésumé.\n\nVie publique\n\n### B mineur\n\nhttps://exemple.fr/b\n\n"
        "## Événement\n\n### Un forum\n\n4\u00a0décembre 2026"
    )


def test_a_letter_becomes_a_document_that_runs_nothing():
    body = (
        "## Juridique\n### Un <script>arrêt</script>\nLigne une, voir https://exemple.fr/a?b=1&c=2.\nLigne deux\x00"
        "\n\n- un\n- deux\n\njavascript:alert(1) reste un texte"
    )
    assert to_page(text.tree_of(body)) == (
        "<h2>Juridique</h2><h3>Un &lt;script&gt;arrêt&lt;/script&gt;</h3>"
        '<p>Ligne une, voir <a href="https://exemple.fr/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">'
        "https://exemple.fr/a?b=1&amp;c=2</a>.<br>Ligne deux</p>"
        "<ul><li><p>un</p></li><li><p>deux</p></li></ul><p>javascript:alert(1) reste un texte</p>"
    )
    assert to_page(text.tree_of("")) == ""
    assert text.plain_letter("## Un\n\n### Deux\n# trois") == "Un\n\nDeux\n# trois"
