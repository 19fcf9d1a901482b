"""The page of a step: declared with the step, completed by default, bound to what is above its workflow."""

import inspect

import pytest

from assembly.dossiers import StepPages
from assembly.institution.models import Term, TermState
from assembly.workflow import ReasonForm, Step, StepPage, Workflow
from assembly.workflow.engine import import_actions
from mission.registers.declaration import registers
from tests.factories.institution import TermFactory
from tests.security.test_step_matrix import TABLES

S = TermState
# Forms that give their action other values than their fields, in `clean`, or fields added for each row.
OTHER_VALUES = {
    "mission:grants-step demander-les-pieces",
    "draws:draw-step fonction",
    "opinions:amendment-step voter",
    "opinions:section-validate valider",
    "sittings:confirm postpone",
    "sittings:confirm reconvene",
    "sittings:confirm hold",
    "sittings:move clore",
    "correspondence:step envoyer",
    "correspondence:step envoyer-en-nombre",
    "tasks:step reporter",
    "tasks:step suite",  # no action: the step writes the column
}


def workflow(*steps, **more):
    return Workflow(steps, **more)


def pages(flow, area=""):
    return StepPages(flow, area, fetch=lambda request, pk: Term.objects.get(pk=pk), back=lambda request, row: "/")


def test_what_a_page_does_not_say_is_derived():
    close = Step("close", {S.ACTIVE}, S.CLOSED, slug="clore", label="Clore", needs_reason=True, history_text="a clos")
    flow = workflow(close, noun="trial", noun_with_article="la mandature")
    page = flow.pages()["clore"]
    assert (str(page.question), str(page.success_message)) == ("Clore la mandature ?", "La mandature est close.")
    assert page.form is ReasonForm
    assert flow.steps[0].event_type == "trial.closed"


def test_a_step_is_shown_in_its_areas_alone():
    other = StepPage(slug="y-mettre-fin", areas=("office",), label="Mettre fin")
    flow = workflow(
        Step("close", {S.ACTIVE}, S.CLOSED, slug="clore", areas=("", "member"), pages=(other,)),
        Step("start", {S.PLANNED}),
    )
    assert [sorted(flow.pages(area)) for area in ("", "member", "office")] == [["clore"], ["clore"], ["y-mettre-fin"]]
    assert flow.pages("office")["y-mettre-fin"].name == "close"


def test_two_steps_with_one_slug_are_refused():
    flow = workflow(Step("start", {S.PLANNED}, slug="oui"), Step("close", {S.ACTIVE}, slug="oui"))
    with pytest.raises(ValueError, match="slug 'oui': start, close"):
        flow.pages()


def test_an_action_of_no_step_and_a_second_one_are_refused():
    flow = workflow(Step("start", {S.PLANNED}))
    with pytest.raises(ValueError, match="'stop'"):
        flow.action("stop")
    flow.action("start")(lambda row, *, by: None)
    with pytest.raises(ValueError, match="'start'"):
        flow.action("start")


def test_a_sentence_of_no_page_is_refused():
    shown = pages(workflow(Step("start", {S.PLANNED}, slug="ouvrir"), Step("stop", {S.ACTIVE})))
    shown.bind("consequences", {"start": lambda row: ["Par son nom."]})
    assert shown.pages["ouvrir"].consequences(None) == ["Par son nom."]
    shown.bind("consequences", {"ouvrir": lambda row: ["Par son adresse."]})
    assert shown.pages["ouvrir"].consequences(None) == ["Par son adresse."]
    with pytest.raises(ValueError, match="stop"):
        shown.bind("consequences", {"stop": lambda row: []})


@pytest.mark.django_db
def test_the_action_gets_what_the_form_gave_and_a_step_without_one_writes_it():
    flow = workflow(Step("start", {S.PLANNED}, S.ACTIVE, slug="ouvrir"), Step("stop", {S.ACTIVE}, slug="clore"))
    term, calls = TermFactory(state=S.ACTIVE), []
    flow.action("stop")(lambda row, *, by, **data: calls.append((row, by, data)) or "done")
    assert flow.run_page(term, flow.pages()["clore"], by="me", data={"reason": "Fini."}) == "done"
    assert calls == [(term, "me", {"reason": "Fini."})]


def needs(action):
    """The names that an action takes, those it cannot do without, and whether it takes any other."""
    parameters = list(inspect.signature(inspect.unwrap(action)).parameters.values())[1:]
    needed = {each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD}
    return {each.name for each in parameters}, needed, any(each.kind is each.VAR_KEYWORD for each in parameters)


@pytest.mark.parametrize("name", sorted({table.pages for table in TABLES.values()}))
def test_an_action_takes_what_the_form_of_its_page_gives(name):
    """What it does not take would be an error of the server on a page that nobody tried."""
    import_actions()
    shown = next(table.registry for table in TABLES.values() if table.pages == name)
    register = registers.get(shown.name.removeprefix("mission:").removesuffix("-step").removeprefix("directorate-"))
    columns = {"reason"} | ({field.name for field in register.model._meta.get_fields()} if register else set())
    wrong = {}
    for slug, page in shown.pages.items():
        fields = set(page.form.base_fields) if page.form else set()
        action = page.action or shown.workflow._actions.get(page.name)
        names, needed, takes_all = needs(action) if action else (columns | {"by"}, set(), False)
        lacking = (set() if takes_all else fields - names) | (needed - fields - {"by"}) | ({"by"} - names)
        if lacking and f"{name} {slug}" not in OTHER_VALUES:
            wrong[slug] = lacking
    assert wrong == {}
