from answers.cases.models import AnswerFact
from answers.templatetags.answers import fact_rows


def test_named_parts_are_rows_with_their_spaces_and_paragraphs() -> None:
    rows = fact_rows(
        [
            AnswerFact("retained", "Ce qui est retenu", "Dix arrêts :\n\nd’abord Revel."),
            AnswerFact("a", "Service", "Routes"),
        ]
    )
    assert rows == (
        "<dt>Ce qui est retenu</dt><dd><p>Dix arrêts\u00a0:</p>\n\n<p>d’abord Revel.</p></dd>"
        "<dt>Service</dt><dd><p>Routes</p></dd>"
    )


def test_words_and_addresses_are_escaped() -> None:
    rows = fact_rows([AnswerFact("proof", "Preuve", "<b>oui</b>", '<i>ici"</i>', 'https://a.fr/?a=1&b="')])
    assert rows == (
        "<dt>Preuve</dt><dd><p>&lt;b&gt;oui&lt;/b&gt;</p>"
        '<p><a href="https://a.fr/?a=1&amp;b=&quot;" rel="nofollow noopener">&lt;i&gt;ici&quot;&lt;/i&gt;</a></p>'
        "</dd>"
    )


def test_words_without_an_address_are_said_and_nothing_is_nothing() -> None:
    told = fact_rows([AnswerFact("decided_on", "Décidée le", "3 mars 2026", "CP-2026-12")])
    assert told == "<dt>Décidée le</dt><dd><p>3\u00a0mars 2026</p><p>CP-2026-12</p></dd>"
    assert fact_rows([]) == ""
