"""What can be printed: cleaned silently where nobody sees a difference, refused with a sentence elsewhere."""

import pytest

from assembly.text.printable import UnprintableText, check_text, clean_text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("e\u0301te\u0301", "été"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("un\u2028deux\u2029trois\r\nquatre\rcinq\vsix", "un\ndeux\ntrois\nquatre\ncinq\nsix"),
        ("a\u3000b\u2005c", "a b c"),
        (
            "№ 1ᵉʳ œuvre → ✓ ☐ 9\u202fh\u00a030 non\u2011dit Ÿ « »",
            "№ 1ᵉʳ œuvre → ✓ ☐ 9\u202fh\u00a030 non\u2011dit Ÿ « »",
        ),
        ("tab\tet\nligne", "tab\tet\nligne"),
        ("nul\x00 et cloche\x07", "nul et cloche"),
        ("droite\u200f à gauche\u202e", "droite à gauche"),
        ("", ""),
    ],
)
def test_text_is_cleaned_without_losing_a_word(written, printed):
    assert check_text(written) == printed


@pytest.mark.parametrize("refused", ["😀", "\u0645", "\u4f60", "\ue000", "x\u0302\u0304", "\u0456\u0457", "\ud800"])
def test_a_character_without_glyph_is_refused(refused):
    with pytest.raises(UnprintableText):
        check_text(f"La séance {refused} est ouverte")


def test_the_refusal_names_the_character_the_place_and_what_to_do():
    with pytest.raises(UnprintableText) as refusal:
        check_text("La séance est ouverte 😀 à neuf heures.")
    assert refusal.value.messages == [
        "Le caractère «\u00a0😀\u00a0» (U+1F600) ne peut pas être imprimé : remplacez-le ou retirez-le, "
        "près de « séance est ouverte 😀 à neuf heures. »."
    ]


def test_several_characters_make_one_sentence():
    with pytest.raises(UnprintableText) as refusal:
        check_text("Un 😀 et un 🎉 ici")
    (message,) = refusal.value.messages
    assert message.startswith("Les caractères «\u00a0😀\u00a0» (U+1F600), «\u00a0🎉\u00a0» (U+1F389) ne peuvent pas")


def test_cleaning_alone_refuses_nothing():
    assert clean_text("fête 🎉") == "fête 🎉"
