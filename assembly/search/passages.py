"""The passage to show: a short window of the text where the words stand, since marking a whole text costs too much.

`ts_headline` reads text as slowly as it is indexed (13 ms for five pages). A window of it is chosen by plain search of
the stems; what is marked inside is again decided by `ts_headline`, hence by the very rules that found the entry.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import CharField, F, Func, IntegerField, Value
from django.db.models.functions import Coalesce, Greatest, Lower, NullIf, Substr
from django.utils.safestring import SafeString

from assembly.search.language import CONFIG, search_query
from assembly.search.models import SearchEntry
from assembly.search.words import START, STOP, marked

WINDOW, BEFORE = 1_500, 200
ENDING = 2
ACCENTS = ("àâäáãéèêëíîïóôöõúùûüÿçñ", "aaaaaeeeeiiioooouuuuycn")
STEM = re.compile(r"(!?)'([^']+)'")
SENTENCE = re.compile(r"'[^']+'(?: <(?:-|\d+)> '[^']+')+")
STEP = re.compile(r"<(-|\d+)>")


def passages(keys: list[int], words: str, understood: str) -> dict[int, tuple[SafeString, SafeString]]:
    """Title and passage of each entry, escaped, words found between <mark>.

    `understood` is the question as PostgreSQL reads it: stems between quotes, and what joins them.
    """
    if not keys:
        return {}
    query = search_query(words)
    marks: dict[str, Any] = {"config": CONFIG, "start_sel": START, "stop_sel": STOP}
    title = SearchHeadline("title", query, highlight_all=True, **marks)
    body = SearchHeadline(
        window(understood), query, max_words=30, min_words=14, max_fragments=2, fragment_delimiter=" … ", **marks
    )
    rows = SearchEntry.objects.filter(pk__in=keys).values_list("pk", title, body)
    return {pk: (marked(found), marked(passage)) for pk, found, passage in rows}


def window(understood: str) -> Substr:
    """The text from a little before the first place where the words stand."""
    folded = Func(Lower("body"), Value(ACCENTS[0]), Value(ACCENTS[1]), function="translate", output_field=CharField())
    tries = [NullIf(place(folded, pattern), Value(0)) for pattern in patterns(understood)]
    first = Coalesce(*tries, Value(1)) if tries else Value(1)
    return Substr(F("body"), Greatest(first - Value(BEFORE), Value(1), output_field=IntegerField()), WINDOW)


def place(text: Any, pattern: str) -> Func:
    return Func(text, Value(pattern), function="regexp_instr", output_field=IntegerField())


def patterns(understood: str) -> list[str]:
    """Where to look, the best first: a sentence, the longest stem, its first letters (« travaux » has « traval »)."""
    stems = wanted_stems(understood)
    found = [sentence(match[0]) for match in SENTENCE.finditer(understood)][:1]
    if stems:
        longest = max(stems, key=len)
        found += [beginning(longest), beginning(longest[: max(3, len(longest) - ENDING)])]
    return found


def wanted_stems(understood: str) -> list[str]:
    """Stems of « 'depart' & !'scolair' », those to be left out excepted."""
    return [stem for left_out, stem in STEM.findall(understood) if not left_out]


def sentence(said: str) -> str:
    """« 'budget' <2> 'depart' » as a pattern: other words may stand between them."""
    stems = [stem for _left_out, stem in STEM.findall(said)]
    steps = [1 if step == "-" else int(step) for step in STEP.findall(said)]
    pattern = beginning(stems[0])
    for step, stem in zip(steps, stems[1:], strict=True):
        pattern += r"\w*\W+" + r"(?:\w+\W+)" * (step - 1) + letters(stem)
    return pattern


def beginning(stem: str) -> str:
    return (r"\m" if stem[:1].isalnum() else "") + letters(stem)


def letters(stem: str) -> str:
    """A stem as a pattern of PostgreSQL; « œ » is two letters in stems and one in texts."""
    escaped = "".join(letter if letter.isalnum() else f"\\{letter}" for letter in stem)
    return escaped.replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)")
