"""The text of an opinion as printed and published, and the covers of the opinion and of the booklet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _, ngettext

from assembly.collab.document.grammar import Tree
from assembly.collab.document.html import to_page
from assembly.collab.document.plain_text import line_text
from assembly.documents.pages import Cover
from assembly.text.french import format_date
from opinions.models import Opinion
from opinions.papers.queries import document_reference, label_of
from sessions.decisions.rules import Count, format_count
from sessions.models import BallotState

NOTES = '<section class="footnotes"'
STARTED = re.compile(r'<ol start="(\d+)">')
ITEM = re.compile(r"<li id=\"[^\"]*\">.*?</li>", re.DOTALL)
SHEET = '<section class="recommendation"'
BARE = "preconisations"
SHEET_ANCHOR = "preconisation-"
SHEET_LEVEL = 3
SHEET_NAME = 72
TOP = 2


@dataclass(frozen=True)
class ContentsLine:
    """One line of the contents: anchor, text, depth (0 for chapters), reference of a recommendation."""

    anchor: str
    text: str
    depth: int = 0
    reference: str = ""


@dataclass(frozen=True)
class Body:
    """The text as `html`, the items of its list of `notes`, and `contents` with its headings and recommendations."""

    html: SafeString
    notes: SafeString
    contents: list[ContentsLine] = field(default_factory=list)


def body_of(tree: Tree, data: Mapping[str, Any], *, alineas: bool = False) -> Body:
    """Return the text, each recommendation with its permanent reference, theme, rank and vote."""
    rows = {row["node_id"]: row for row in data["recommendations"]}
    numbers = {node: row["reference"] or str(row["number"]) for node, row in rows.items()}
    ready, is_bare = level_headings(tree)
    page_html = to_page(ready, numbers=numbers, alineas=alineas)
    text, mark, notes = page_html.partition(NOTES)
    for node, row in rows.items():
        text = _insert_facts(text, node, facts_html(row))
    text, contents = _anchored(text, ready, rows)
    if is_bare:
        title = _("Préconisations")
        text = text.replace(SHEET, f'<h2 id="{BARE}">{escape(title)}</h2>{SHEET}', 1)
        contents.insert(0, ContentsLine(BARE, title))
    items = "".join(ITEM.findall(mark + notes))
    return Body(mark_safe(text), mark_safe(items), contents)  # noqa: S308 -- escaped by to_page and facts_html


def for_pdf(body: Body) -> Body:
    """Return the body for the PDF renderer, which reads the start of a list only from its style.

    A recommendation that continues on the next page has its name again at the head of that page (`opinions.css`), the
    name that its answers carry. The head of a page is an artifact of the PDF, so no screen reader reads it twice.
    """
    html = STARTED.sub(lambda match: f'<ol style="counter-reset:list-item {int(match[1]) - 1}">', body.html)
    for line in body.contents:
        if line.depth:
            answers = html.index("<dl>", html.index(f'id="{line.anchor}"'))
            name = shorten(f"{line.reference} {line.text}", SHEET_NAME, placeholder="…")
            again = escape(_("%(sheet)s (suite)") % {"sheet": name})
            html = f'{html[:answers]}<dl data-sheet="{again}">{html[answers + 4 :]}'
    return replace(body, html=mark_safe(html))  # noqa: S308 -- only numbers and escaped words were put in


def with_recommendation_footers(body: Body, footers: Mapping[str, SafeString]) -> Body:
    """Return the body with a panel at the foot of each recommendation, by the key of its node; only on the site."""
    pieces, place = [], 0
    for line in body.contents:
        if line.depth and (html := footers.get(line.anchor.removeprefix(SHEET_ANCHOR))):
            end = body.html.index("</section>", body.html.index(f'id="{line.anchor}"', place))
            pieces += [body.html[place:end], html]
            place = end
    return replace(body, html=mark_safe("".join([*pieces, body.html[place:]])))  # noqa: S308 -- templates escape


def facts_of(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the named facts under the title of a recommendation: priority, theme, origins, vote."""
    facts = []
    if row["priority"]:
        facts.append((_("Priorité"), _("oui, choisie par les membres")))
    if row["theme"]:
        facts.append((_("Thème"), row["theme"]))
    if row["merged_from"]:
        facts.append((_("Réunit"), ", ".join(row["merged_from"])))
    if row["vote"]:
        facts.append((_("Vote"), row["vote"]["sentence"]))
    return facts


def facts_html(row: Mapping[str, Any]) -> str:
    """Return the same facts as an escaped list."""
    lines = "".join(f"<li><strong>{escape(name)}\u00a0:</strong> {escape(text)}</li>" for name, text in facts_of(row))
    return f'<ul class="sheet-facts">{lines}</ul>' if lines else ""


def _insert_facts(text: str, node: str, facts: str) -> str:
    """Insert the facts after the title of their recommendation."""
    start = text.find(f'id="{SHEET_ANCHOR}{node}"')
    end = text.find("</h", start)
    if start < 0 or end < 0 or not facts:
        return text
    end = text.index(">", end) + 1
    return text[:end] + facts + text[end:]


def level_headings(tree: Tree) -> tuple[Tree, bool]:
    """Return the blocks with headings that skip no level, as accessibility requires.

    Also returns whether a recommendation comes before any heading. No block is added, because amendments name alinéas
    by their number.
    """
    nodes: list[Tree] = []
    level, is_bare = TOP - 1, False
    for node in tree.get("content", []):
        if node["type"] == "heading" and line_text(node):
            level = min(node["attrs"]["level"], level + 1)
            node = {**node, "attrs": {**node["attrs"], "level": level}}
        elif node["type"] == "recommendation":
            is_bare = is_bare or level < TOP
            level = SHEET_LEVEL
        nodes.append(node)
    return {**tree, "content": nodes}, is_bare


def _anchored(text: str, tree: Tree, rows: Mapping[str, Any]) -> tuple[str, list[ContentsLine]]:
    """Return the text with an anchor on each heading of the first level, and the lines of its contents."""
    contents: list[ContentsLine] = []
    place = 0
    for node in tree.get("content", []):
        if node["type"] == "heading" and node["attrs"]["level"] == TOP and line_text(node):
            anchor = f"partie-{len(contents) + 1}"
            start = text.find("<h2", place)
            if start < 0:
                continue
            opening = text[start : text.index(">", start) + 1]
            if 'id="' in opening:
                anchor = opening.split('id="')[1].split('"')[0]
            else:
                text = f'{text[:start]}<h2 id="{anchor}"{text[start + 3 :]}'
            place = start + 3
            contents.append(ContentsLine(anchor, line_text(node, notes=False)))
        elif node["type"] == "recommendation":
            row = rows.get(node["attrs"]["id"])
            if row:
                anchor = f"{SHEET_ANCHOR}{node['attrs']['id']}"
                contents.append(ContentsLine(anchor, row["title"], 1, row["reference"]))
    return text, contents


type Votes = list[tuple[str, int, str]]


def opinion_cover(opinion: Opinion, facts: dict[str, Any], *, draft: bool) -> Cover:
    """Return the cover: its seats show the vote on the whole once that is proclaimed; before, all seats are alike."""
    return Cover(
        kicker=f"{facts['label']} {facts['reference']}",
        title=facts["title"],
        lines=[_("Projet, non adopté.") if draft else facts["adopted"], *place_of(opinion)],
        rows=list(rows_of(facts)),
        **_seats(opinion),
    )


def booklet_cover(opinion: Opinion, amendments: int) -> Cover:
    sentence = ngettext(
        "%(n)s amendement, dans l’ordre où il sera appelé.",
        "%(n)s amendements, dans l’ordre où ils seront appelés.",
        amendments,
    )
    lines = [
        f"{label_of(opinion)} {document_reference(opinion)}",
        sentence % {"n": amendments} if amendments else _("Aucun amendement n’a été déclaré recevable."),
        *sitting_of(opinion),
    ]
    return Cover(_("Liasse des amendements"), opinion.title, lines, **_every_seat(opinion))


def place_of(opinion: Opinion) -> list[str]:
    """Return the place where the assembly met to adopt it."""
    sitting = opinion.tabled_sitting
    return [sitting.place_name] if sitting is not None and sitting.place_name else []


def sitting_of(opinion: Opinion) -> list[str]:
    """Return the sitting that treats the text, with its day and place."""
    sitting = opinion.tabled_sitting
    if sitting is None:
        return []
    return [", ".join([sitting.title, format_date(sitting.starts_at), *place_of(opinion)])]


def rows_of(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the named facts under the hemicycle."""
    referral = facts["referral"]
    yield _("En réponse à"), _("saisine %(reference)s, %(title)s") % referral
    yield _("Préconisations"), str(len(facts["data"]["recommendations"]))
    for vote in facts["votes"]:
        if vote["is_whole"]:
            yield _("Vote"), vote["sentence"]
    if facts["minority"]:
        yield _("Positions minoritaires"), str(len(facts["minority"]))
    if facts["spokespersons"]:
        yield _("Porte-parole"), ", ".join(facts["spokespersons"])
    if facts["handover"]:
        yield _("Remise"), facts["handover"]


def _seats(opinion: Opinion) -> dict[str, Any]:
    ballot = opinion.ballot
    if ballot is None or ballot.state != BallotState.PROCLAIMED:
        return _every_seat(opinion)
    count = Count(ballot.votes_for or 0, ballot.votes_against or 0, ballot.abstentions or 0, ballot.no_opinion or 0)
    members = max(ballot.members_in_office or opinion.term.seats, count.voters)
    votes = votes_of(count, absent=members - max(ballot.present or 0, count.voters))
    legend = ngettext("pour, sur %(n)s votant", "pour, sur %(n)s votants", count.voters) % {"n": count.voters}
    summary = ", ".join(
        [format_count(count), *(f"{number} {label}" for kind, number, label in votes if kind == "vide")]
    )
    return {
        "seats": members,
        "figure": str(count.votes_for),
        "legend": legend,
        "alt_text": _("Hémicycle du vote : %(votes)s.") % {"votes": summary},
        "votes": votes,
    }


def votes_of(count: Count, *, absent: int) -> Votes:
    """Return the four answers, then the absent members, each with the kind of its seat in the hemicycle."""
    answers = [
        ("pour", count.votes_for, _("pour")),
        ("contre", count.votes_against, _("contre")),
        ("abst", count.abstentions, ngettext("abstention", "abstentions", count.abstentions)),
        ("nspp", count.no_opinion, ngettext("ne se prononce pas", "ne se prononcent pas", count.no_opinion)),
    ]
    return [*answers, ("vide", absent, ngettext("absent·e", "absent·es", absent))] if absent else answers


def _every_seat(opinion: Opinion) -> dict[str, Any]:
    seats = opinion.term.seats
    return {
        "seats": seats,
        "figure": str(seats),
        "legend": _("membres"),
        "alt_text": _("Un hémicycle de %(n)s places.") % {"n": seats},
    }
