"""From an alinéa rewritten in place to the amendment that says it, which carried out gives what was written."""

import pytest
from django.urls import reverse
from hypothesis import given, settings, strategies as st

from assembly.text.rewriting import Rewriting, is_same_text
from opinions.amending.applying import apply_changes
from opinions.amending.changes import AmendmentChange
from opinions.amending.passages import Text
from opinions.amending.typed_input import derive_fields, is_current, typed_blocks
from opinions.amendments.queries import base_version
from opinions.models import Amendment
from tests.opinions.amending.trees import AFTER, BEFORE, DELETE, REPLACE, advice, bullets, doc, head, par, table
from tests.opinions.amendments.debated_opinion import amending

SAYS = "Le bus du soir passe, le bus du matin aussi."
STORY = doc(head("Vieillir chez soi"), par(SAYS), bullets("Un taxi", "Un guichet"), table(["Lieu", "Heure"]))

ONE_LINE = st.text(alphabet=st.sampled_from("abc’., "), max_size=14)


def done(tree, number, now):
    """Return the derived change, and the alinéas after it is applied."""
    text = Text(tree)
    rewriting = Rewriting(text.alineas[number].text, now)
    fields = derive_fields(text, number, rewriting)
    change = AmendmentChange(
        1,
        1,
        fields["operation"],
        number,
        number,
        quote=fields["quote"],
        new_text=fields["typed"] if fields["quote"] else "",
        blocks=[] if fields["quote"] else typed_blocks(fields["typed"]),
    )
    after = [alinea.text for alinea in Text(apply_changes(tree, [change])).alineas.values()]
    return (fields["operation"], fields["quote"], fields["typed"]), after


@pytest.mark.parametrize(
    ("number", "now", "expected"),
    [
        (2, "Le bus du soir roule, le bus du matin aussi.", (REPLACE, "passe", "roule")),
        (2, "Le bus du soir, le bus du matin aussi.", (DELETE, "passe", "")),
        (2, "Le bus du soir passe tard, le bus du matin aussi.", (AFTER, "passe", "tard")),
        (2, "Le bus du soir passe, le petit bus du matin aussi.", (AFTER, "le", "petit")),
        (2, "Souvent, Le bus du soir passe, le bus du matin aussi.", (BEFORE, "Le", "Souvent,")),
        (2, "Le bus du soir passe, le car du matin aussi.", (REPLACE, "le bus du", "le car du")),
        (2, "Le bus, du soir passe, le bus du matin aussi.", (AFTER, "Le bus", ",")),
        (2, "Le bus du soir passe, le bus aussi.", (DELETE, "du matin", "")),
        (2, "", (DELETE, "", "")),
        (2, "Rien.", (REPLACE, "", "Rien.")),
        (2, f"{SAYS}\n\nLa nuit, un taxi.", (AFTER, "", "La nuit, un taxi.")),
        (2, f"Avant tout :\n{SAYS}", (BEFORE, "", "Avant tout :")),
        (2, "Le bus passe.\n\nLe soir aussi.", (REPLACE, "", "Le bus passe.\n\nLe soir aussi.")),
        (1, "Vieillir dans sa maison", (REPLACE, "chez soi", "dans sa maison")),
        (1, "Autre chose", (REPLACE, "", "Autre chose")),
        (3, "Un taxi le soir", (AFTER, "taxi", "le soir")),
        (5, "Lieu | Minute", (REPLACE, "Heure", "Minute")),
    ],
)
def test_the_shortest_order_is_found_and_gives_what_was_written(number, now, expected):
    found, after = done(STORY, number, now)
    assert found == expected
    whole = "".join("".join(after).split())
    assert "".join(now.split()) in whole


def test_an_empty_answer_of_a_recommendation_is_filled():
    tree = doc(advice("Un bus", "Le soir.", "Un bus.", "", "Le Département", "", ""))
    number = next(alinea.number for alinea in Text(tree).alineas.values() if alinea.prompt == "audience")
    found, after = done(tree, number, "Les aînés")
    assert (found, "Les aînés" in after) == ((REPLACE, "", "Les aînés"), True)


@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(ONE_LINE, ONE_LINE)
def test_one_line_rewritten_in_any_way_is_what_one_reads_after(was, now):
    if not was.strip() or not now.strip():
        return
    found, after = done(doc(par("Avant."), par(was), par("Après.")), 2, now.strip())
    if found[1] or found[0] == REPLACE:
        assert is_same_text("".join(after), f"Avant.{now}Après."), found


def test_an_alinea_that_changed_meanwhile_does_not_stand():
    text = Text(STORY)
    assert is_current(text, 2, Rewriting(SAYS.replace(" ", "\u00a0"), "Rien."))
    assert not is_current(text, 1, Rewriting(SAYS, "Rien."))
    assert not is_current(text, 99, Rewriting(SAYS, "Rien."))


@pytest.fixture
def room(people, signed_in):
    opinion = amending(people)
    browser, address = signed_in("member"), reverse("opinions:amendment-new", args=[opinion.pk])
    words = Text(base_version(opinion).tree).alineas[2].text

    def send(**more):
        sent = {"number": "2", "was": words, "rewritten": words.replace("vivent seuls", "sont isolés")}
        return browser.post(address, sent | {"reason": "Plus juste."} | more)

    return send


@pytest.mark.django_db
def test_an_alinea_rewritten_in_the_text_becomes_a_draft_to_read_again(room):
    page = room()
    draft = Amendment.objects.get()
    assert page.url == reverse("opinions:amendment-check", args=[draft.pk])
    kept = (draft.operation, draft.alinea_from, draft.quote, draft.new_text, draft.reason)
    assert kept == (REPLACE, 2, "vivent seuls", "sont isolés", "Plus juste.")


@pytest.mark.django_db
def test_what_is_refused_comes_back_in_the_form(room):
    page = room(reason="")
    assert (page.status_code, Amendment.objects.count()) == (422, 0)
    form = page.context["form"]
    assert [form[name].value() for name in ("alinea_from", "quote", "typed")] == ["2", "vivent seuls", "sont isolés"]
    same = room(rewritten="Des habitants\u00a0vivent seuls.")
    assert (same.status_code, "rien changé" in same.text) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize("stale", [{"was": "Un autre texte."}, {"number": "3"}, {"number": "x"}, {"number": "9" * 30}])
def test_an_alinea_that_is_another_one_now_is_told_and_the_words_stay(room, stale):
    page = room(**stale)
    assert (page.status_code, Amendment.objects.count()) == (409, 0)
    assert "a changé depuis" in page.text
    assert "sont isolés" in page.context["form"]["typed"].value()
    assert page.context["form"]["reason"].value() == "Plus juste."
    assert page.context["lines"]
