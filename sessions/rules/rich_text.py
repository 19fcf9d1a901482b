"""Conversion of a summary between stored HTML and the plain text of a page without JavaScript. Pure functions.

Plain text has paragraphs and « - » lists only; what it cannot express without loss is shown as HTML instead.
"""

import re
from html import escape, unescape

from assembly.text.rewriting import Rewriting, without_spaces

BULLET = re.compile(r"^\s*[-•*–]\s+")
PLAIN_TAGS = re.compile(r"</?(?:p|ul|li|br)\s*/?>")
ANY_TAG = re.compile(r"<[^>]*>")
BLOCK = re.compile(r"<p>(?P<p>.*?)</p>|<ul>(?P<ul>.*?)</ul>", re.DOTALL)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
EMPTIED = re.compile(r"<(p|li|ul|ol|h[1-6])>\s*</\1>")
EMPTY_ENDS = re.compile(r"^(?:<p>(?:\s|<br>)*</p>)+|(?:<p>(?:\s|<br>)*</p>)+$")
BREAK = re.compile(r"<br\s*/?>")


def from_plain(text: str) -> str:
    """Convert plain text from a textarea into paragraphs and lists."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    """Convert one block: lines that begin with a dash into a list, others into a paragraph with line breaks."""
    html: list[str] = []
    text_lines: list[str] = []
    items: list[str] = []
    for line in [*block.split("\n"), None]:
        if line is not None and BULLET.match(line):
            if text_lines:
                html.append(_paragraph(text_lines))
                text_lines = []
            items.append(escape(BULLET.sub("", line).strip(), quote=False))
            continue
        if items:
            html.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
            items = []
        if line is not None:
            text_lines.append(escape(line.strip(), quote=False))
    if text_lines:
        html.append(_paragraph(text_lines))
    return "".join(html)


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(lines)}</p>"


def to_plain(html: str) -> str | None:
    """Return the text for a textarea, or None when it has more than paragraphs and simple lists."""
    if any(not PLAIN_TAGS.fullmatch(tag) for tag in ANY_TAG.findall(html)):
        return None
    blocks, last = [], 0
    for match in BLOCK.finditer(html):
        if html[last : match.start()].strip():
            return None
        last = match.end()
        part = _plain_block(match)
        if part is None:
            return None
        blocks.append(part)
    if html[last:].strip():
        return None
    return "\n\n".join(blocks)


def _plain_block(match: re.Match[str]) -> str | None:
    if match["p"] is not None:
        text = unescape(ANY_TAG.sub("", BREAK.sub("\n", match["p"])))
        return None if any(BULLET.match(line) or not line.strip() for line in text.split("\n")) else text
    items = ITEM.findall(match["ul"])
    if "".join(f"<li>{item}</li>" for item in items) != match["ul"].strip() or any("<" in item for item in items):
        return None
    return "\n".join(f"- {unescape(item)}" for item in items)


def trimmed(html: str) -> str:
    """Return the text without the empty paragraphs that editors leave at both ends."""
    return EMPTY_ENDS.sub("", html)


def html_to_text(html: str) -> str:
    """Return the text without tags, to find a passage and for short excerpts."""
    spaced = re.sub(r"</(?:p|li|h[1-6]|td|th|tr|blockquote|caption)>|<br\s*/?>", " ", html)
    return " ".join(unescape(ANY_TAG.sub("", spaced)).split())


def replaced_once(html: str, passage: str, proposal: str) -> str | None:
    """Return the text with `passage` replaced, if it occurs exactly once in one run of text; else None.

    Spaces are compared loosely (a phone types plain ones where the text has unbreakable ones); a passage over bold
    text or over two paragraphs is for a person to replace. With an empty proposal, an emptied paragraph is removed.
    """
    tokens = passage.split()
    if not tokens:
        return None
    pattern = re.compile(r"[\s\u00a0]+".join(re.escape(escape(word, quote=False)) for word in tokens))
    matches = [match for match in pattern.finditer(html) if not _inside_tag(html, match.start())]
    if len(matches) != 1:
        return None
    match = matches[0]
    after = html[: match.start()] + escape(" ".join(proposal.split()), quote=False) + html[match.end() :]
    while not proposal.strip() and EMPTIED.search(after):
        after = EMPTIED.sub("", after)
    return after


def _inside_tag(html: str, at: int) -> bool:
    return html.rfind("<", 0, at) > html.rfind(">", 0, at)


def derived_correction(html: str, rewriting: Rewriting) -> tuple[str, str] | None:
    """Return a rewritten passage as the old and the new text, or None if the old one is not there any more.

    It is the shortest one that `replaced_once` can replace; else the whole passage, for a person to replace.
    """
    text, was, now = (without_spaces(part) for part in (html_to_text(html), rewriting.was, rewriting.now))
    if not was or was not in text:
        return None
    spans = (rewriting.span(), *rewriting.wider_spans()) if rewriting.now else ()
    for passage, proposal in spans:
        after = replaced_once(html, passage, proposal) if passage and proposal else None
        if after is not None and without_spaces(html_to_text(after)) == text.replace(was, now):
            return passage, proposal
    return rewriting.was, rewriting.now
