"""HTML of texts: nothing of what people write becomes markup; what is read has no suggestion and nothing invisible."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings

from assembly.collab.document import grammar, html, plain_text
from assembly.collab.document.grammar import ZERO_WIDTH, node, text_run
from tests.assembly.collab.document.texts import QUICK, deleted, doc, inserted, line, mark, trees

VOID = {"br"}
BLOCKS = "p h2 h3 h4 ul ol li blockquote table tbody tr th td section dl dt dd"
EDITED = {*BLOCKS.split(), "br", "small", "a", "strong", "em", "mark", "ins", "del", "span"}
READ = (EDITED - {"mark"}) | {"h5", "thead", "sup"}
ATTRIBUTES = {"href", "rel", "start", "colspan", "rowspan", "scope", "id", "class", "aria-label", "data-prompt"}
ATTRIBUTES |= {
    f"data-{name}" for name in ("recommendation", "recommendation-title", "footnote", "comment", "id", "type")
}
ATTRIBUTES |= {f"data-mod-{name}" for name in ("type", "attr", "prev-val", "new-val")}


class Reader(HTMLParser):
    """Reads HTML as a browser would, and fails on what is not closed, not known, or leads somewhere it should not."""

    def __init__(self, allowed):
        super().__init__()
        self.allowed, self.open, self.words = allowed, [], []

    def handle_starttag(self, tag, attrs):
        assert tag in self.allowed, tag
        assert {name for name, _value in attrs} <= ATTRIBUTES, attrs
        assert re.match(r"https?://|mailto:|#", dict(attrs).get("href", "#"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(markup, allowed=EDITED):
    reader = Reader(allowed)
    reader.feed(markup)
    reader.close()
    assert reader.open == []
    return "".join(reader.words)


@settings(QUICK, max_examples=50)
@given(trees())
def test_nothing_that_people_write_becomes_markup(tree):
    read(html.to_html(tree))
    for suggestions in ("shown", "original", "accepted"):
        markup = html.to_page(tree, suggestions=suggestions, alineas=True, heading_shift=1, anchor="t1-")
        read(markup, READ)
        assert ZERO_WIDTH not in markup


@settings(QUICK, max_examples=50)
@given(trees())
def test_what_is_read_is_the_original_text_and_nothing_else(tree):
    for suggestions in ("original", "accepted"):
        markup = html.to_page(tree, suggestions=suggestions)
        assert "<ins" not in markup
        assert "<del" not in markup
        assert "data-" not in markup
        assert ZERO_WIDTH not in plain_text.to_text(tree, suggestions=suggestions)
        edited = html.to_html(tree, suggestions=suggestions)
        assert not re.search(r"<(ins|del)|data-type", edited)
        assert ZERO_WIDTH not in edited


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'"


def test_a_script_stays_words():
    tree = doc(
        grammar.heading(HOSTILE),
        line(HOSTILE, node("footnote", {"text": HOSTILE})),
        grammar.recommendation(HOSTILE, {"problem": HOSTILE}),
        line(text_run("x", [mark("comment", HOSTILE), mark("insertion", HOSTILE)])),
    )
    for markup in (html.to_html(tree), html.to_page(tree, suggestions="shown"), html.to_page(tree, numbers={})):
        read(markup, READ | EDITED)
        assert "<script" not in markup
        assert "<img" not in markup
    assert read(html.to_page(doc(line(HOSTILE)))) == HOSTILE


def test_a_dangerous_link_is_no_link():
    tree = doc(line(text_run("ici", [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}])))
    assert html.to_html(tree) == '<p><a href="" rel="noopener noreferrer nofollow">ici</a></p>'
    assert html.to_page(tree) == "<p>ici</p>"


def test_a_page_reads_as_a_sheet():
    known = "5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"
    tree = doc(
        grammar.heading("Se déplacer", 3),
        line(
            "Le bus s’arrête",
            node("footnote", {"text": "Enquête de 2025"}),
            " à 19 h.",
            node("footnote", {"text": "Id."}),
        ),
        line(),
        grammar.recommendation("Des bus le soir", {"problem": "Le soir\n\nLa nuit"}, id=known),
    )
    markup = html.to_page(tree, numbers={known: "7"}, heading_shift=1)
    assert "<h4>Se déplacer</h4>" in markup
    assert '<p class="over">Préconisation 7</p><h4>Des bus le soir</h4>' in markup
    assert "<dt>Quel est le problème&nbsp;?</dt><dd><p>Le soir</p><p>La nuit</p></dd>" in markup
    assert markup.count("Pas encore de réponse.") == 5
    assert '<a href="#note-2" id="appel-2"><span class="vh">note </span>2</a>' in markup
    assert markup.endswith('Id. <a href="#appel-2">Retour au texte, note 2</a></li></ol></section>')
    assert "<p></p>" not in markup


def test_a_suggestion_shown_on_a_page_is_said_aloud():
    tree = doc(line("Le bus ", deleted("tôt"), inserted("tard")), line(inserted(ZERO_WIDTH), "fin"))
    markup = html.to_page(tree, suggestions="shown")
    assert '<del><span class="vh">début de la suppression proposée </span>tôt' in markup
    assert '<ins><span class="vh">début de l’ajout proposé </span>tard' in markup
    assert markup.count("<ins>") == 1


def test_a_suggested_item_or_row_stays_in_its_list_or_table():
    item = node("listItem", None, [mark("insertion", "12-a")], [line("deux")])
    row = node("tableRow", None, [mark("deletion", "12-b")], [node("tableCell", content=[line("x")])])
    tree = doc(node("bulletList", content=[item]), node("table", content=[row]))
    markup = html.to_page(tree, suggestions="shown")
    assert markup.startswith("<ul><li><ins>")
    assert "<tr><td><del>" in markup


def test_a_table_has_a_head_that_is_repeated():
    head = node("tableRow", content=[node("tableHeader", content=[line("Canton")])])
    row = node("tableRow", content=[node("tableCell", {"colspan": 2}, content=[line("Auterive")])])
    assert html.to_page(doc(node("table", content=[head, row]))) == (
        '<table><thead><tr><th scope="col"><p>Canton</p></th></tr></thead>'
        '<tbody><tr><td colspan="2"><p>Auterive</p></td></tr></tbody></table>'
    )


@settings(QUICK, max_examples=60)
@given(trees(suggested=False))
def test_alineas_are_printed_where_they_are_counted(tree):
    markup = html.to_html(tree, alineas=True)
    printed = [
        int(number) for number in re.findall(r'class="alinea-number"><span class="vh">alinéa </span>(\d+)<', markup)
    ]
    assert printed == [alinea.number for alinea in plain_text.alineas(tree)]
    assert [int(number) for number in re.findall(r'id="alinea-(\d+)"', markup)] == printed
