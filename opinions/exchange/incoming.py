"""A Word file from outside as a tree of the site, with the account of what is retained and what is left out."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from assembly.collab.document.grammar import LINK_SCHEMES, Tree
from assembly.collab.document.schema import check
from assembly.documents.pdf import sanitizer
from assembly.files import child_process
from assembly.text import printable
from opinions.exchange import sheets
from opinions.exchange.markup import Markup
from opinions.exchange.word_child import DEEP, DONE

WALL_SECONDS = 80
SHOWN_SIGNS = 10
SHOWN_LETTERS = 120
OTHER_LINKS = re.compile(r'<a href="(?!https?:|mailto:|#)', re.IGNORECASE)

# Content that has no place in a text of the site, in order of importance.
LOST = {
    "pictures": ngettext_lazy("%(count)s image n’est pas reprise.", "%(count)s images ne sont pas reprises.", "count"),
    "boxes": ngettext_lazy(
        "%(count)s zone de texte : ses mots passent dans le texte, ou sont laissés.",
        "%(count)s zones de texte : leurs mots passent dans le texte, ou sont laissés.",
        "count",
    ),
    "formulas": ngettext_lazy(
        "%(count)s formule n’est pas reprise.", "%(count)s formules ne sont pas reprises.", "count"
    ),
    "comments": ngettext_lazy(
        "%(count)s commentaire n’est pas repris.", "%(count)s commentaires ne sont pas repris.", "count"
    ),
    "deletions": ngettext_lazy(
        "%(count)s passage barré par le suivi des modifications est laissé de côté ; les ajouts sont repris.",
        "%(count)s passages barrés par le suivi des modifications sont laissés de côté ; les ajouts sont repris.",
        "count",
    ),
    "headers": ngettext_lazy(
        "%(count)s en-tête ou pied de page n’est pas repris.",
        "%(count)s en-têtes ou pieds de page ne sont pas repris.",
        "count",
    ),
    "controls": ngettext_lazy(
        "%(count)s champ ou sommaire automatique devient du texte simple.",
        "%(count)s champs ou sommaires automatiques deviennent du texte simple.",
        "count",
    ),
    "apart": ngettext_lazy(
        "%(count)s ligne au style « Hors texte » n’est pas reprise.",
        "%(count)s lignes au style « Hors texte » ne sont pas reprises.",
        "count",
    ),
    "links": ngettext_lazy(
        "%(count)s lien devient du texte simple : son adresse n’est pas une page web.",
        "%(count)s liens deviennent du texte simple : leur adresse n’est pas une page web.",
        "count",
    ),
    "dress": ngettext_lazy(
        "%(count)s passage souligné, barré, en indice ou en exposant devient du texte simple.",
        "%(count)s passages soulignés, barrés, en indice ou en exposant deviennent du texte simple.",
        "count",
    ),
}


@dataclass(frozen=True)
class Incoming:
    """A valid tree, the number of things in it by kind, and a sentence for each thing left out."""

    tree: Tree
    counts: Mapping[str, int] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def read_docx(content: bytes) -> Incoming:
    """Read a Word file that passed the checks of uploads; raise ValidationError with the message to show."""
    answer = _opened(content)
    html = printable.clean_text(answer["html"])
    lost: Counter[str] = Counter(answer["lost"])
    signs = printable.unprintable(html)
    for sign in signs:
        html = html.replace(sign, "")
    lost["links"] = len(OTHER_LINKS.findall(html))
    markup = Markup(sanitizer.clean_html(html, top_heading=2, schemes=frozenset(LINK_SCHEMES)))
    blocks = sheets.gather_recommendations(markup.blocks())
    lost += markup.lost
    if not any(sheets.text_of(block).strip() for block in blocks):
        raise ValidationError(_("Ce fichier ne contient aucun texte que nous puissions reprendre."), code="empty")
    tree = check({"type": "doc", "content": blocks})
    return Incoming(tree, count_items(tree), tuple(_sentences(lost, signs, answer["title"])))


def _opened(content: bytes) -> dict[str, Any]:
    """Return the output of the process that opens files, whatever the file did to that process."""
    try:
        run = child_process.run_module("opinions.exchange.word_child", content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise ValidationError(_too_heavy(), code="heavy") from None
    if run.returncode < 0:
        raise ValidationError(_too_heavy(), code="heavy")
    if run.returncode == DEEP:
        raise sanitizer.too_deep()
    if run.returncode != DONE:
        raise ValidationError(
            _("Ce fichier Word est abîmé : nous ne pouvons pas le lire. Enregistrez-le à nouveau, puis réessayez."),
            code="broken",
        )
    return json.loads(run.stdout)


def _too_heavy() -> str:
    return _("Ce fichier est trop lourd à lire. Coupez-le en plusieurs fichiers, puis réessayez.")


def count_items(tree: Tree) -> dict[str, int]:
    """Count the things of each kind in a tree, by name: words, paragraphs, headings, lists and so on."""
    counts: Counter[str] = Counter()

    def walk(node: Tree) -> None:
        kind = node["type"]
        if kind == "text":
            counts["words"] += len(node["text"].split())
            counts["link"] += any(mark["type"] == "link" for mark in node.get("marks", ()))
        elif kind != "paragraph" or node.get("content"):
            counts[kind] += 1
        for child in node.get("content", ()):
            walk(child)

    walk(tree)
    names = {
        "words": ("words",),
        "headings": ("heading",),
        "paragraphs": ("paragraph",),
        "lists": ("bulletList", "orderedList"),
        "tables": ("table",),
        "links": ("link",),
        "notes": ("footnote",),
        "recommendations": ("recommendation",),
    }
    return {name: sum(counts[kind] for kind in kinds) for name, kinds in names.items()}


def _sentences(lost: Counter[str], signs: list[str], title: str) -> list[str]:
    """List what is left out as sentences, in order of importance."""
    sentences = []
    if title:
        message = _("Le titre « %(title)s » n’est pas repris dans le texte : celui de l’avis se change sur sa page.")
        sentences.append(message % {"title": title[:SHOWN_LETTERS]})
    sentences += [str(sentence % {"count": lost[kind]}) for kind, sentence in LOST.items() if lost[kind]]
    if signs:
        shown = " ".join(signs[:SHOWN_SIGNS])
        sentences.append(
            _("Des signes que nos documents ne savent pas imprimer sont retirés : %(signs)s.") % {"signs": shown}
        )
    return sentences
