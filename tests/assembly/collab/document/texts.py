"""Texts of the tests: any tree of the schema, with suggestions and comments or without, and small ones by hand."""

from hypothesis import HealthCheck, settings, strategies as st

from assembly.collab.document import grammar
from assembly.collab.document.grammar import PROMPTS, node, ordered, text_run
from assembly.collab.document.schema import canonical, merged_runs

# The same texts each time, so that a run says what the code does and not what luck brought.
QUICK = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))

WORDS = st.text(alphabet="aé e ô🌳👩‍🌾<>&\"'’\u00a0x1\n", min_size=1, max_size=12)
IDS = st.sampled_from(["12-a", "12-b", "13-c"])
LINKS = st.sampled_from(["https://exemple.fr/?a=1&b=2", "http://x.fr/é", "mailto:a@exemple.fr"])


def inserted(words, identity="12-a"):
    return text_run(words, [mark("insertion", identity)])


def deleted(words, identity="12-a"):
    return text_run(words, [mark("deletion", identity)])


def mark(name, identity):
    return {"type": name, "attrs": {"id": identity}}


def line(*leaves, marks=None):
    """Return a paragraph of runs; plain text may be passed as a string."""
    return node("paragraph", None, marks, [text_run(leaf) if isinstance(leaf, str) else leaf for leaf in leaves])


def doc(*blocks):
    return node("doc", content=list(blocks))


def _suggestion(draw, *, on_block):
    kind = draw(st.sampled_from(["insertion", "deletion"]))
    if on_block and draw(st.integers(0, 3)) == 0:
        values = {"type": "attr", "attrName": "level", "previousValue": 2, "newValue": 3}
        return {"type": "modification", "attrs": {"id": draw(IDS), **values}}
    return mark(kind, draw(IDS))


@st.composite
def marks(draw, *, suggested):
    found = [{"type": name} for name in ("bold", "italic") if draw(st.integers(0, 4)) == 0]
    if draw(st.integers(0, 5)) == 0:
        found.append({"type": "link", "attrs": {"href": draw(LINKS)}})
    if suggested:
        found += [mark("comment", name) for name in ("12-k", "13-m") if draw(st.integers(0, 5)) == 0]
        if draw(st.integers(0, 2)) == 0:
            found.append(_suggestion(draw, on_block=False))
    return ordered(found)


@st.composite
def leaves(draw, *, suggested, kinds=("text", "text", "text", "hardBreak", "footnote")):
    found = []
    for _count in range(draw(st.integers(0, 4))):
        kind, laid = draw(st.sampled_from(kinds)), draw(marks(suggested=suggested))
        if kind == "text":
            words = draw(WORDS)
            if suggested and any(item["type"] in ("insertion", "deletion") for item in laid):
                words = draw(st.sampled_from([words, grammar.ZERO_WIDTH, words + grammar.ZERO_WIDTH]))
            found.append(text_run(words, laid))
        else:
            found.append(node(kind, {"text": draw(WORDS)}, laid))
    return merged_runs(found)


@st.composite
def prose(draw, *, suggested, depth=0):
    """Draw a paragraph, or a list that may contain lists."""
    kind = draw(st.sampled_from(["paragraph"] * (2 + depth) + ["bulletList", "orderedList"] * (depth < 2)))
    laid = [_suggestion(draw, on_block=True)] if suggested and draw(st.integers(0, 5)) == 0 else None
    if kind == "paragraph":
        return node(kind, None, laid, draw(leaves(suggested=suggested)))
    items = []
    for _count in range(draw(st.integers(1, 3))):
        rest = draw(st.lists(prose(suggested=suggested, depth=depth + 1), max_size=1))
        own = [_suggestion(draw, on_block=True)] if suggested and draw(st.integers(0, 5)) == 0 else None
        items.append(
            node("listItem", None, own, [node("paragraph", content=draw(leaves(suggested=suggested))), *rest])
        )
    return node(kind, {"start": draw(st.sampled_from([1, 1, 4]))}, laid, items)


@st.composite
def tables(draw, *, suggested):
    width = draw(st.integers(1, 3))
    rows = []
    for rank in range(draw(st.integers(1, 3))):
        kind = "tableHeader" if rank == 0 and draw(st.booleans()) else "tableCell"
        cells = [
            node(kind, {"colspan": 1, "rowspan": 1}, None, [draw(prose(suggested=suggested, depth=2))])
            for _count in range(width)
        ]
        rows.append(node("tableRow", content=cells))
    return node("table", content=rows)


@st.composite
def recommendations(draw, *, suggested):
    title = node("recommendationTitle", content=draw(leaves(suggested=suggested, kinds=("text",))))
    fields = [
        node("recommendationField", {"prompt": prompt}, None, [draw(prose(suggested=suggested, depth=1))])
        for prompt in PROMPTS
    ]
    return node("recommendation", {"id": str(draw(st.uuids(version=4)))}, None, [title, *fields])


@st.composite
def blocks(draw, *, suggested):
    kind = draw(st.sampled_from(["prose"] * 4 + ["heading", "heading", "blockquote", "table", "recommendation"]))
    laid = [_suggestion(draw, on_block=True)] if suggested and draw(st.integers(0, 6)) == 0 else None
    if kind == "prose":
        return draw(prose(suggested=suggested))
    if kind == "heading":
        return node(kind, {"level": draw(st.integers(2, 4))}, laid, draw(leaves(suggested=suggested)))
    if kind == "blockquote":
        return node(kind, None, laid, draw(st.lists(prose(suggested=suggested), min_size=1, max_size=2)))
    return draw(tables(suggested=suggested) if kind == "table" else recommendations(suggested=suggested))


@st.composite
def trees(draw, *, suggested=True, most=5):
    """Draw any text of the schema."""
    return canonical(doc(*draw(st.lists(blocks(suggested=suggested), min_size=1, max_size=most))))
