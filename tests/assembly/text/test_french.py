from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone
from django.utils.translation import ngettext

from assembly.text import french

SITTING = datetime(2026, 3, 28, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Vient-il ? Oui !", "Vient-il\u00a0? Oui\u00a0!"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("à 9 h 30", "à 9\u00a0h\u00a030"),
        ("106 membres le 3 mars", "106\u00a0membres le 3\u00a0mars"),
        ("1 250 voix", "1\u00a0250\u00a0voix"),
        ("12\u202f%", "12\u00a0%"),
        ("le canton 3 de Toulouse", "le canton 3 de Toulouse"),
    ],
)
def test_spaces_that_must_not_break(typed, printed):
    assert french.nbsp(typed) == printed


@pytest.mark.parametrize(
    ("name", "of", "to", "the"),
    [
        ("Revel", "de Revel", "à Revel", "Revel"),
        ("Escalquens", "d’Escalquens", "à Escalquens", "Escalquens"),
        ("Évreux", "d’Évreux", "à Évreux", "Évreux"),
        ("Œting", "d’Œting", "à Œting", "Œting"),
        ("Yvetot", "d’Yvetot", "à Yvetot", "Yvetot"),
        ("Hautes-Terres", "de Hautes-Terres", "à Hautes-Terres", "Hautes-Terres"),
        ("Hyères", "d’Hyères", "à Hyères", "Hyères"),
        ("Le Fousseret", "du Fousseret", "au Fousseret", "le Fousseret"),
        ("Léguevin", "de Léguevin", "à Léguevin", "Léguevin"),
        ("Les Andelys", "des Andelys", "aux Andelys", "les Andelys"),
        ("La Réole", "de La Réole", "à La Réole", "La Réole"),
        ("L’Isle-Jourdain", "de L’Isle-Jourdain", "à L’Isle-Jourdain", "L’Isle-Jourdain"),
        ("Amina Vidal", "d’Amina Vidal", "à Amina Vidal", "Amina Vidal"),
        ("Hélène Castaing", "d’Hélène Castaing", "à Hélène Castaing", "Hélène Castaing"),
        (
            "Assemblée citoyenne de la Haute-Garonne",
            "de l’Assemblée citoyenne de la Haute-Garonne",
            "à l’Assemblée citoyenne de la Haute-Garonne",
            "l’Assemblée citoyenne de la Haute-Garonne",
        ),
        (
            "Conseil départemental",
            "du Conseil départemental",
            "au Conseil départemental",
            "le Conseil départemental",
        ),
        ("Direction des Routes", "de la Direction des Routes", "à la Direction des Routes", "la Direction des Routes"),
        ("Services généraux", "des Services généraux", "aux Services généraux", "les Services généraux"),
        ("La MDPH", "de La MDPH", "à La MDPH", "La MDPH"),
        ("la MDPH", "de la MDPH", "à la MDPH", "la MDPH"),
        ("la collectivité", "de la collectivité", "à la collectivité", "la collectivité"),
        ("le Panel citoyen", "du Panel citoyen", "au Panel citoyen", "le Panel citoyen"),
        ("", "de ", "à ", ""),
    ],
)
def test_a_name_within_a_sentence(name, of, to, the):
    assert (french.of_name(name), french.to_name(name), french.the_name(name)) == (of, to, the)


def test_the_article_of_an_institution_is_known_or_written():
    known = [
        "Assemblée citoyenne",
        "Conseil départemental",
        "Les Services",
        "La MDPH",
        "l’Atelier",
        "L'Office",
        "le Lab",
    ]
    assert [name for name in known if not french.has_article(name)] == []
    assert not french.has_article("MDPH")
    assert not french.has_article("Hémicycle")


def test_a_long_text_is_cut_between_two_words():
    assert french.shortened("Convocation", 11) == "Convocation"
    assert french.shortened("Convocation, samedi", 18) == "Convocation…"
    assert french.shortened("Convocation", 6) == "Convo…"
    assert french.shortened("À lire : « Bien vieillir »", 12) == "À lire…"


def test_one_of_a_plural():
    assert french.noun_for(1, "suites données") == "suite donnée"
    assert french.noun_for(0, "comptes rendus") == "compte rendu"
    assert french.noun_for(1, "avis") == "avis"
    assert french.noun_for(2, "suites données") == "suites données"


def test_a_sentence_has_one_colon():
    assert french.as_title("Bien vieillir") == "Bien vieillir"
    assert french.as_title("Séance\u00a0: accès aux soins") == "« Séance\u00a0: accès aux soins »"
    assert french.one_colon("Convoquer : Bien vieillir") == "Convoquer : Bien vieillir"
    assert french.one_colon("Convoquer : Séance : accès aux soins") == "Convoquer : « Séance : accès aux soins »"
    assert french.one_colon("Convoquer : « Séance : accès »") == "Convoquer : « Séance : accès »"


def test_the_subject_of_a_mail_keeps_its_kind():
    assert french.mail_subject("Samedi 3 octobre 2026, Séance plénière", "Convocation") == (
        "Samedi 3 octobre 2026, Séance plénière\u00a0: convocation"
    )
    long = french.mail_subject("Samedi 3 octobre 2026, Séance plénière de rentrée sur l’âge", "Seconde convocation")
    assert long == "Samedi 3 octobre 2026, Séance plénière de…\u00a0: seconde convocation"
    assert len(long) <= french.SUBJECT_LENGTH


def test_dates_in_words_in_paris_time():
    assert french.format_date(date(2026, 5, 1)) == "vendredi 1er\u00a0mai 2026"
    assert french.format_date(date(2026, 5, 2), weekday=False) == "2\u00a0mai 2026"
    assert french.format_moment(SITTING) == "samedi 28\u00a0mars 2026 à 9\u00a0h\u00a030"
    assert french.format_time(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == "18\u00a0h"
    assert french.format_time(datetime(2026, 7, 1, 16, 5, tzinfo=UTC)) == "18\u00a0h\u00a005"
    assert french.month_short(SITTING) == "mars"


def test_the_day_is_the_one_of_paris_and_not_of_utc():
    assert french.format_date(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == "dimanche 29\u00a0mars 2026"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (12, "dans 12\u00a0jours"),
        (-3, "il y a 3\u00a0jours"),
        (120, "dans 4\u00a0mois"),
        (-400, "il y a 13\u00a0mois"),
        (800, "dans 2\u00a0ans"),
    ],
)
def test_what_a_date_means_for_the_reader(days, said):
    today = date(2026, 3, 16)
    assert french.in_days(today + timedelta(days=days), today) == said


def test_when_joins_the_date_and_its_distance():
    soon = timezone.now() + timedelta(days=12)
    assert french.when(soon) == f"{french.format_moment(soon)}, dans 12\u00a0jours"
    assert french.when(timezone.localdate()).endswith(", aujourd’hui")


def test_numbers_and_shares():
    assert french.format_number(1250) == "1\u00a0250"
    assert french.format_number(12.5) == "12,5"
    assert french.format_number(Decimal("8E+1")) == "80"
    assert french.format_percent(0.45) == "45\u00a0%"
    assert french.format_percent(12, 27) == "44\u00a0%"
    assert french.format_percent(0, 0) == "–"


@pytest.mark.parametrize(
    "nothing",
    [french.format_date, french.format_time, french.format_moment, french.when, french.in_days, french.month_short],
)
def test_no_date_prints_nothing(nothing):
    assert nothing(None) == ""


def render(source, **context):
    return Template(source).render(Context(context))


def test_nbsp_filter_escapes_what_is_not_safe():
    assert render("{{ text|nbsp }}", text="<b> ? oui") == "&lt;b&gt;\u00a0? oui"


@pytest.mark.parametrize(("count", "said"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours"), (1.5, "1.5 jour")])
def test_zero_and_one_are_singular(count, said):
    assert render("{{ n|stringformat:'s' }} jour{{ n|plural }}", n=count) == said


def test_plural_of_a_list_with_two_endings():
    assert render("journ{{ rows|plural:'al,aux' }}", rows=[1, 2]) == "journaux"


def test_a_state_has_a_shape_and_a_word():
    assert render('{% state "late" label %}', label="<4 jours>") == (
        '<span class="state state-late">&lt;4 jours&gt;</span>'
    )


def test_an_unknown_state_is_a_mistake_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="unknown state 'red'"):
        render('{% state "red" "x" %}')


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 réponse"), (1, "1 réponse"), (2, "2 réponses"), (108, "108 réponses")]
)
def test_zero_and_one_are_singular_in_every_counted_sentence(count, said):
    """French counts from two (Unicode CLDR, plural rules, fr)."""
    template = Template(
        "{% blocktrans count n=n %}{{ n }} réponse{% plural %}{{ n }} réponses{% endblocktrans %}"
    ).render(Context({"n": count}))
    assert [template, ngettext("%(n)s réponse", "%(n)s réponses", count) % {"n": count}] == [said, said]
