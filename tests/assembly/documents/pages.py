"""Pages to print in tests: small ones, long ones, and the words around what a test wants to see rendered."""

import datetime

from assembly.documents.pages import QR_ASSET, qr_svg
from assembly.documents.pdf.source import RenderSource

REFERENCE = "AC2-2026-CR-02"
MOMENT = datetime.datetime(2026, 6, 29, 10, 2, tzinfo=datetime.UTC)
SHEET = """
@page { size: A4; margin: 27mm 24mm; @top-left { content: "Compte rendu" } @bottom-right { content: counter(page) } }
html { font: 10.5pt/1.5 "Source Sans 3" }
.qr img { width: 21mm }
.seal { border: .7pt solid #857b6d; height: 25mm; width: 60mm }
.seal input { display: block; width: 50mm; height: 15mm; border: 0 }
"""
SEAL = '<div class="seal"><b>Conseil départemental</b><input name="cachet" title="Cachet de l’institution"></div>'
TIMESTAMP = '<div class="seal"><input name="horodatage" title="Horodatage"></div>'
WORDS = "La Direction de l’Autonomie rappelle le calendrier : le schéma sera voté en novembre 2026. "
ITEM = """
<section><h2>{number}. Point d’étape : № {number}</h2>
<p>Texte du 1ᵉʳ → ✓ œuvre, <a href="https://example.org/x">lien</a>.</p>
<ul><li>un<ul><li>deux</li></ul></li><li>trois</li></ul>
<div><table><caption>Votes</caption><thead><tr><td></td><th scope="col">Qui</th><th scope="col">Quoi</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>a</td><td>b</td></tr></tbody></table></div>
{words}</section>
"""


def page(body="", *, seal=True, timestamp=False, title="Compte rendu de la séance"):
    """Return a whole page: title, square code, body, field of the seal."""
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div class="qr"><img src="asset:{QR_ASSET}" alt="Code carré : adresse de vérification"></div>'
        f"<h1>{title}</h1>{body}{SEAL if seal else ''}{TIMESTAMP if timestamp else ''}</body></html>"
    )


def source(body="", *, seal=True, timestamp=False, **changes):
    """Return a source that renders; `changes` replace its fields."""
    fields = {
        "html": page(body, seal=seal, timestamp=timestamp),
        "stylesheets": [SHEET],
        "title": "Compte rendu de la séance",
        "reference": REFERENCE,
        "created_at": MOMENT,
        "data": {"séance": "plénière", "présents": 91},
        "cachet": seal,
        "timestamp": timestamp,
        "assets": {QR_ASSET: qr_svg(f"https://hemicycle.example/v/{REFERENCE}")},
    }
    return RenderSource(**{**fields, **changes})


def long_source(items, **changes):
    """Return a source with about one page for each item."""
    words = f"<p>{WORDS * 4}</p>" * 8
    return source("".join(ITEM.format(number=number + 1, words=words) for number in range(items)), **changes)
