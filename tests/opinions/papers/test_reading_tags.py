from opinions.papers.documents.body import ContentsLine
from opinions.templatetags.opinions import contents_rows, glossary_rows


def test_lines_of_the_contents_are_links_with_their_marks_and_spaces() -> None:
    lines = [ContentsLine("method", "Méthode"), ContentsLine("r1", "Dix arrêts : où ?", 1, "AC2-P01")]
    assert contents_rows(lines) == (
        '<li><a href="#method">Méthode</a></li>'
        '<li class="deep"><a href="#r1"><span class="ref">AC2-P01</span> Dix arrêts\u00a0: où\u00a0?</a></li>'
    )
    assert contents_rows([ContentsLine("a", "<b>oui</b>")]) == '<li><a href="#a">&lt;b&gt;oui&lt;/b&gt;</a></li>'
    assert contents_rows([]) == ""


def test_words_of_the_glossary_are_rows_with_what_they_mean() -> None:
    rows = glossary_rows([{"word": "Avis", "sense": "Ce que dit l’Assemblée : <b>un</b> texte."}])
    assert rows == "<dt>Avis</dt><dd>Ce que dit l’Assemblée\u00a0: &lt;b&gt;un&lt;/b&gt; texte.</dd>"
