"""A text with everything that the editor can write, for whoever prints or converts it."""

import uuid

from assembly.collab.document import grammar
from assembly.collab.document.schema import check

NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
LONG = (
    "Les bus du soir s’arrêtent à 19 h 30, alors que les formations du pôle de Saint-Gaudens finissent à 20 h. "
    "Une personne sur trois dit avoir renoncé à un emploi, à un soin ou à une sortie faute de transport."
)


def words(text, *marks):
    made = {"type": "text", "text": text}
    return made | {"marks": list(marks)} if marks else made


BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}


def link(href):
    return {"type": "link", "attrs": {"href": href}}


def note(text):
    return {"type": "footnote", "attrs": {"text": text}}


def paragraph(*content):
    return {"type": "paragraph", "content": [words(part) if isinstance(part, str) else part for part in content]}


def listing(kind, *items, start=1):
    attrs = {"attrs": {"start": start}} if kind == "orderedList" else {}
    made = [{"type": "listItem", "content": item if isinstance(item, list) else [paragraph(item)]} for item in items]
    return {"type": kind, **attrs, "content": made}


def cell(*content, kind="tableCell", colspan=1, rowspan=1):
    attrs = {"colspan": colspan, "rowspan": rowspan, "colwidth": None}
    return {"type": kind, "attrs": attrs, "content": [paragraph(*content)]}


def head(*content, **spans):
    return cell(*content, kind="tableHeader", **spans)


def table(*rows):
    return {"type": "table", "content": [{"type": "tableRow", "content": list(row)} for row in rows]}


def node_id(number):
    return str(uuid.uuid5(NAMESPACE, f"recommendation-{number}"))


def sheet(number, title="", **fields):
    """Return recommendation `number` with an answer to each question."""
    return grammar.recommendation(
        title or f"Prolonger la ligne {number} jusqu’à 21 h",
        {
            "problem": [paragraph(LONG, note("Enquête auprès de 412 habitantes et habitants, mai 2026."))],
            "proposal": [
                paragraph("Trois départs de plus chaque soir de semaine :"),
                listing(
                    "bulletList", "un à 20 h", [paragraph("un à 20 h 30"), listing("bulletList", "sauf le lundi")]
                ),
            ],
            "audience": "Les élèves, les apprenties et apprentis, les salariées et salariés du soir.",
            "decider": "Le Conseil départemental, avec la Région.",
            "means": [paragraph("Environ ", words("240 000 euros", BOLD), " par an.")],
            "measure": "Le nombre de voyages du soir double en deux ans.",
        }
        | fields,
        id=node_id(number),
    )


def complete_opinion(sheets=10):
    """Return a whole opinion: headings, nested lists, table with spans, quotation, links, notes, sheets."""
    content = [
        grammar.heading("Se déplacer le soir", 2),
        paragraph(
            LONG, note("Rapport de la commission Mobilités, p. 12."), " ", words("C’est trop peu.", BOLD, ITALIC)
        ),
        grammar.heading("Ce que nous avons constaté", 3),
        listing(
            "orderedList",
            "Peu de bus après 19 h 30.",
            [
                paragraph("Des arrêts sans lumière :"),
                listing("bulletList", "à Muret", [paragraph("à Cazères"), listing("bulletList", "près de la gare")]),
                paragraph("La commission s’y est rendue."),
            ],
            "Un prix qui change d’une ligne à l’autre.",
            start=3,
        ),
        table(
            [head("Canton", rowspan=2), head("Voyages par soir", colspan=2)],
            [head("2024"), head("2025")],
            [cell("Muret"), cell("310"), cell(words("402", BOLD))],
            [cell("Cazères", note("Comptage d’une semaine.")), cell("non compté", colspan=2)],
        ),
        {
            "type": "blockquote",
            "content": [paragraph("« Après le cours, je rentre à pied. »"), paragraph("Léa, 19 ans")],
        },
        paragraph("Voir ", words("le plan de mobilité", link("https://example.org/plan?a=1&b=2")), "."),
        grammar.heading("Nos préconisations", 2),
    ]
    content += [sheet(number) for number in range(1, sheets + 1)]
    return check(grammar.tree_document(*content))


def references(sheets=10):
    return {node_id(number): f"AC2-2026-03-P{number:02}" for number in range(1, sheets + 1)}
