"""Texts whose every alinéa has words of its own, and the changes one may propose to them."""

import re

from hypothesis import strategies as st

from assembly.collab.document.plain_text import alineas
from opinions.amending.changes import AmendmentChange, Operation

PROMPTS = ("problem", "proposal", "audience", "decider", "means", "measure")
REPLACE, DELETE, AFTER, BEFORE = (
    Operation.REPLACE,
    Operation.DELETE,
    Operation.INSERT_AFTER,
    Operation.INSERT_BEFORE,
)


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": [{"type": mark} for mark in marks]} if marks else {})}


def par(words):
    return {"type": "paragraph", "content": [text(words)]}


def head(words, level=2):
    return {"type": "heading", "attrs": {"level": level}, "content": [text(words)]}


def bullets(*items):
    return {"type": "bulletList", "content": [{"type": "listItem", "content": [par(item)]} for item in items]}


def quotation(*lines):
    return {"type": "blockquote", "content": [par(line) for line in lines]}


def cell(words):
    return {"type": "tableCell", "content": [par(words)]}


def table(*rows):
    return {
        "type": "table",
        "content": [{"type": "tableRow", "content": [cell(words) for words in row]} for row in rows],
    }


def advice(title, *answers, node_id="6a0f0b1e-0000-4000-8000-000000000001"):
    fields = [
        {"type": "recommendationField", "attrs": {"prompt": prompt}, "content": [par(answer)]}
        for prompt, answer in zip(PROMPTS, answers, strict=True)
    ]
    heading = {"type": "recommendationTitle", "content": [text(title)]}
    return {"type": "recommendation", "attrs": {"id": node_id}, "content": [heading, *fields]}


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


def words(tree):
    """Return every word of the tree, in order."""
    if tree["type"] == "text":
        return tree["text"].split()
    return [word for child in tree.get("content", ()) for word in words(child)]


def change(number, operation, first, last=None, *, quote="", new="", blocks=(), parent=None, key=None):
    """Return a change; `new` is plain text: a paragraph for whole alinéas, else the text inside one."""
    made = tuple(blocks) or ((par(new),) if new and not quote else ())
    return AmendmentChange(
        key=key or number,
        number=number,
        operation=operation,
        first=first,
        last=last or first,
        quote=quote,
        new_text=new if quote else "",
        blocks=made,
        parent=parent,
    )


@st.composite
def texts(draw):
    """Draw a text of two to eight blocks of every kind; alinéa n has the words « dit{n} un{n} mot{n} »."""
    counter = iter(range(1, 1000))

    def said():
        number = next(counter)
        return f"dit{number} un{number} mot{number}."

    makers = {
        "par": lambda: par(said()),
        "head": lambda: head(said()),
        "bullets": lambda: bullets(*[said() for _ in range(draw(st.integers(1, 4)))]),
        "quotation": lambda: quotation(*[said() for _ in range(draw(st.integers(1, 3)))]),
        "table": lambda: table(*[[said(), said()] for _ in range(draw(st.integers(1, 2)))]),
        "advice": lambda: advice(
            said(), *[said() for _ in range(6)], node_id=f"6a0f0b1e-0000-4000-8000-{next(counter):012}"
        ),
    }
    kinds = draw(st.lists(st.sampled_from(sorted(makers)), min_size=2, max_size=8))
    return doc(*[makers[kind]() for kind in kinds])


@st.composite
def proposals(draw, tree, most=8):
    """Draw changes of every kind that the text allows; some conflict."""
    last = len(alineas(tree))
    said = {alinea.number: spoken(alinea) for alinea in alineas(tree)}
    found = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        first = draw(st.integers(1, last))
        kind = draw(st.sampled_from(["whole", "range", "quote", "insert"]))
        new = f"neuf{number} texte{number}"
        if kind == "insert":
            found.append(change(number, draw(st.sampled_from([AFTER, BEFORE])), first, new=new))
        elif kind == "quote":
            word = draw(st.sampled_from(said[first]))
            operation = draw(st.sampled_from(list(Operation)))
            found.append(change(number, operation, first, quote=word, new="" if operation == DELETE else new))
        else:
            end = first if kind == "whole" else min(last, first + draw(st.integers(0, 4)))
            operation = draw(st.sampled_from([DELETE, REPLACE]))
            found.append(change(number, operation, first, end, new="" if operation == DELETE else new))
    return found


def spoken(alinea):
    """Return the words of the alinéa without punctuation."""
    return [word.strip(".") for word in alinea.text.split() if word != "|"]


def number_of(tree, word):
    """Return the alinéa of this text that has the word, or None."""
    return next((alinea.number for alinea in alineas(tree) if re.search(rf"\b{re.escape(word)}\b", alinea.text)), None)
