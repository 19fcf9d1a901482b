"""Rich text after the sanitizer: what is kept, what is put in order, what is refused."""

import time

import pytest

from assembly.documents.pdf.sanitizer import HtmlTooDeep, HtmlTooLarge, clean_html
from assembly.text.printable import UnprintableText


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<p>Un <strong>mot</strong> <em>fort</em><br>ici</p>", "<p>Un <strong>mot</strong> <em>fort</em><br>ici</p>"),
        ("<script>alert(1)</script><style>p{color:red}</style><p>ok</p>", "<p>ok</p>"),
        ('<p style="x" class="y" id="z" onclick="a()" title="t">ok</p>', "<p>ok</p>"),
        ('<input name="cachet"><img src="x" alt="y"><svg><use href="#a"/></svg><math></math><p>ok</p>', "<p>ok</p>"),
        ('<link rel="attachment" href="file:///etc/passwd"><base href="http://x"><p>ok</p>', "<p>ok</p>"),
        ("<!-- caché --><p>ok</p>", "<p>ok</p>"),
        (
            '<p><a href="https://a.fr/?b=1&amp;c=2" target="_blank">a</a> <a href="javascript:x()">b</a> '
            '<a href="http://c.fr">c</a> <a href="mailto:d@e.fr">d</a> <a href="https://vide.fr"> </a></p>',
            '<p><a href="https://a.fr/?b=1&amp;c=2">a</a> b c <a href="mailto:d@e.fr">d</a> </p>',
        ),
        ("mots nus <b>gras</b><p>puis</p>fin", "<p>mots nus <b>gras</b></p><p>puis</p><p>fin</p>"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "<ul>texte<p>para</p><li>x</li><ul><li>y</li></ul></ul>",
            "<ul><li>texte<p>para</p></li><li>x<ul><li>y</li></ul></li></ul>",
        ),
        ("<h1>a</h1><h4>b</h4><h2>c</h2><h6>d</h6><h6></h6>", "<h3>a</h3><h4>b</h4><h4>c</h4><h5>d</h5>"),
        ("<ul></ul><ol><li></li></ol><table></table>", ""),
        ("5 &lt; 6 &amp; 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("", ""),
    ],
)
def test_rich_text_is_cleaned(pasted, kept):
    assert clean_html(pasted) == kept
    assert clean_html(kept) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            "<table><tr><td>1<td>2<tr><td>3</table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td></td></tr></tbody></table>",
        ),
        (
            "<table><thead><tr><th>A<th>B<tbody><tr><th>r<td rowspan=9>x</table>",
            '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
            '<tbody><tr><th scope="row">r</th><td>x</td></tr></tbody></table>',
        ),
        (
            "<table><caption>un</caption><caption>deux</caption><tr><td colspan=2>a<tr><td>b<td>c</table>",
            "<table><caption>un</caption><tbody>"
            '<tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
        ),
    ],
)
def test_tables_become_rectangles(pasted, kept):
    assert clean_html(pasted) == kept
    assert clean_html(kept) == kept


def test_a_wide_span_is_cut():
    assert 'colspan="20"' in clean_html("<table><tr><td colspan=1000000>a</table>")


def test_too_long_a_text_is_refused_with_its_size():
    with pytest.raises(HtmlTooLarge, match="2,0 Mo"):
        clean_html("<p>" + "a" * 2_000_000 + "</p>")


@pytest.mark.parametrize(
    "bomb",
    [
        "<blockquote>" * 400 + "a",
        "<ul><li>" * 60 + "a",
        "".join(f"<b x={i}>" for i in range(20_000)) + "<p>" * 20_000,
        "<font a=1>" * 3 + "<a>" * 300_000,
        "<div>" * 200_000 + "<blockquote>" * 50 + "a",
    ],
    ids=["quotes", "lists", "reopened", "links", "divs"],
)
def test_nested_text_is_refused_quickly(bomb):
    start = time.process_time()
    with pytest.raises(HtmlTooDeep):
        clean_html(bomb)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "bomb",
    ["<table>" + "<tr><td>a" * 30_000 + "</table>", "<table><tr>" + "<td>a" * 60 + "</table>"],
    ids=["rows", "columns"],
)
def test_tables_that_no_page_holds_are_refused(bomb):
    with pytest.raises(HtmlTooLarge, match="tableau"):
        clean_html(bomb)


def test_an_emoji_is_refused_where_it_was_written():
    with pytest.raises(UnprintableText, match="U\\+1F600"):
        clean_html("<p>bonjour &#x1F600;</p>")
