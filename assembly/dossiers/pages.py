"""Pages of rows: steps as pages, steps as bulk acts of a list, and the page on which a reader opens a row.

A step is a question with what follows and for how many, sometimes a form, then one transition. One view, one template
and one set of responses for every step of the product: 404 for a row this reader does not see (`fetch`) and for an
unknown slug, 403 without the right, 409 from another state (the page shows what the row became, who changed it and
when) and for a question whose text changed since it was read (a ValidationError with the code `changed`), 422 for a
form in error or a guard that refuses, 200 for the question. A recent proof of identity (`fresh`) is required after all
of these, at the first write.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from assembly.audit.lines import JournalLine, journal_lines
from assembly.audit.models import Entry
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import Person, User
from assembly.lists.selection import BulkAct
from assembly.text.french import Label, french_enumeration
from assembly.web import errors
from assembly.web.forms import attach_refusal
from assembly.web.request_bodies import limit_of_form
from assembly.workflow import StateConflict, StepPage, Workflow
from assembly.workflow.steps import Sentence, state_of

# A figure among the consequences of an act: the figure, what it counts, and what that means (may be empty).
type Figure = tuple[int | str, str, str]
CHANGED = "changed"  # Code of a refusal: what the question showed is out of date.


def format_sentence[Row: models.Model](sentence: Sentence[Row], row: Row) -> str:
    return sentence(row) if callable(sentence) else str(sentence)


@dataclass(frozen=True)
class StepLink:
    """A step on a page of its row.

    `missing`: pairs of the address where a value is filled in (may be empty) and the sentence; where there is one, the
    page shows name and sentences in place of the link (`ui/step_link.html`). `key`: an id in the page. `at_once`: the
    link is a button that posts, for a step with a way back.
    """

    url: str
    label: Label
    key: str
    missing: Sequence[tuple[str, str]] = ()
    at_once: bool = False


class StepPages[Row: models.Model]:
    """The pages of the steps of one workflow in one area, by the last part of their address.

    `fetch(request, pk)`: the row that this reader sees; raises Http404, or PermissionDenied for a reader of another
    area. `back(request, row)`: where a step leads, done or given up. `eyebrow(row)`: the line above the question.
    `fix_url(request, row, code)`: the address where what a guard finds missing is filled in. `name`: of the route that
    the steps share; one that ends with « : » is completed by the slug, where each step has its own address; empty
    where each has a route of its own, which gives its slug.
    """

    def __init__(
        self,
        workflow: Workflow[Row],
        area: str = "",
        *,
        name: str = "",
        fetch: Callable[[UserRequest, int], Row],
        back: Callable[[UserRequest, Row], str],
        eyebrow: Callable[[Row], str] = str,
        fix_url: Callable[[UserRequest, Row, str], str] | None = None,
    ) -> None:
        self.workflow = workflow
        self.pages = workflow.pages(area)
        self.name = name
        self.fetch = fetch
        self.back = back
        self.eyebrow = eyebrow
        self.fix_url = fix_url

    def bind(self, part: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Set a part of some pages, by the name of the step or by slug, with what the workflow may not import.

        `STEPS.bind("consequences", {"publish": publication_lines})`. Raises ValueError for a page that is not here.
        """
        pages = {key: page for slug, page in self.pages.items() for key in (page.name, slug)}
        if unknown := functions.keys() - pages.keys():
            raise ValueError(f"No page of {sorted(unknown)}.")
        for slug, page in self.pages.items():
            if function := functions.get(slug) or functions.get(page.name):
                changes: Any = {part: function}
                self.pages[slug] = replace(page, **changes)

    def path(self, prefix: str, slug: str = "") -> URLPattern:
        """Return the shared route of these steps below a prefix that ends with the key (`…/<int:pk>/`).

        With a slug: the route of that step alone.
        """
        if slug:
            return path(prefix, self.view, {"slug": slug}, name=slug)
        return path(f"{prefix}<slug:slug>/", self.view, name=self.name.partition(":")[2])

    def url(self, row: Row, slug: str) -> str:
        if self.name.endswith(":"):
            return reverse(self.name + slug, args=[row.pk])
        return reverse(self.name, args=[row.pk, slug])

    def is_offered(self, user: User, row: Row, slug: str) -> bool:
        """Return whether pages propose this step to this reader now."""
        page = self.pages[slug]
        return self.workflow.can_take(user, row, page.name) and (page.offered is None or page.offered(user, row))

    def offered(self, user: User, row: Row, *, without: Iterable[str] = ()) -> list[str]:
        """Return the slugs of the steps proposed to this reader, except those on another button of the page.

        They stand in the order of the table that the row follows.
        """
        places = {step.name: place for place, step in enumerate(self.workflow.table(row))}
        slugs = [slug for slug in self.pages if slug not in without and self.is_offered(user, row, slug)]
        return sorted(slugs, key=lambda slug: places[self.pages[slug].name])

    def link(self, request: UserRequest, row: Row, slug: str) -> StepLink:
        """Return the step with what it is missing: a step that can only be refused is shown without a link."""
        page = self.pages[slug]
        missing, at_once = self.missing(request, row, page), bool(self.undo_url(row, page))
        return StepLink(self.url(row, slug), page.label, f"{slug}-{row.pk}", missing, at_once)

    def undo_url(self, row: Row, page: StepPage[Row]) -> str:
        """Return the page of the step that leads back to the present state of the row; empty where there is none.

        Empty also for a page that says what follows or asks something: it is read first.
        """
        asks = page.consequences or page.recipients or page.form
        table = self.workflow.table(row) if page.undo and not asks else ()
        leads_back = any(step.name == page.undo and step.target == state_of(row) for step in table)
        slugs = [slug for slug, each in self.pages.items() if leads_back and each.name == page.undo]
        return self.url(row, slugs[0]) if slugs else ""

    def links(self, request: UserRequest, row: Row, *, without: Iterable[str] = (), url: str = "") -> list[StepLink]:
        """Return the steps proposed to this reader, except those on another button, by slug or by its `url`."""
        slugs = self.offered(request.user, row, without=without)
        return [self.link(request, row, slug) for slug in slugs if self.url(row, slug) != url]

    def missing(self, request: UserRequest, row: Row, page: StepPage[Row]) -> list[tuple[str, str]]:
        """Return what guards find missing: the address where it is filled in, where there is one, and the sentence."""
        return [
            (self.fix_url(request, row, error.code or "") if self.fix_url else "", sentence)
            for error in self.workflow.missing(row, page.name)
            for sentence in error.messages
        ]

    def first_ready(self, user: User, row: Row, path: Iterable[str]) -> str:
        """Return the slug of the big button: the first proposed and complete step of `path`; empty for none."""
        ready = (
            slug
            for slug in path
            if self.is_offered(user, row, slug) and not self.workflow.missing(row, self.pages[slug].name)
        )
        return next(ready, "")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def view(self, request: UserRequest, pk: int, slug: str) -> HttpResponse:
        """Show the question of a step, or take the step."""
        if (page := self.pages.get(slug)) is None:
            raise Http404
        row = self.fetch(request, pk)
        take = recently_authenticated(self.take) if page.fresh else self.take
        return take(request, row, page)

    def body_limit(self, slug: str = "", **_kwargs: Any) -> int:
        """Return how many bytes the form of a step may have; read by `assembly.web.request_bodies`."""
        page = self.pages.get(slug)
        return limit_of_form(page.form if page else None)

    view.is_question = True  # type: ignore[attr-defined]  # -- read by the filter of that name, through any wrapper

    def take(self, request: UserRequest, row: Row, page: StepPage[Row]) -> HttpResponse:
        """Check the right (403) and the state (409), then process the form and the guards."""
        try:
            self.workflow.check(request.user, row, page.name)
            return self.process(request, row, page)
        except StateConflict as conflict:
            return self.show_conflict(request, conflict.obj if type(conflict.obj) is type(row) else row, page)

    def process(self, request: UserRequest, row: Row, page: StepPage[Row]) -> HttpResponse:
        data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = page.form(*data, row=row, user=request.user) if page.form else None
        missing = self.missing(request, row, page)
        refusals: list[str] = []
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
        undo = self.undo_url(row, page)  # from the state before the step
        if request.method == "POST" and not missing and (form is None or form.is_valid()):
            try:
                result = self.workflow.run_page(row, page, by=request.user, data=form.cleaned_data if form else {})
            except ValidationError as error:
                if form:
                    attach_refusal(form, error)
                else:
                    refusals = error.messages
                if getattr(error, "code", None) == CHANGED:
                    status = HTTPStatus.CONFLICT
            else:
                return self.redirect_after(request, row, page, result, undo)
        context = self.context(request, row, page) | {
            "form": form,
            "refusals": refusals,
            "missing": missing,
        }
        if form and not missing:
            context["consequences"] += form.consequences()
        return render(request, page.template, context, status=status)

    def redirect_after(
        self, request: UserRequest, row: Row, page: StepPage[Row], result: Any, undo: str
    ) -> HttpResponse:
        if message := format_sentence(page.success_message, row):
            messages.success(request, message, extra_tags=undo)  # `ui/messages.html` makes it the button « Annuler »
        return redirect(page.next_url(row, result) if page.next_url else self.back(request, row))

    def context(self, request: UserRequest, row: Row, page: StepPage[Row]) -> dict[str, Any]:
        recipients = page.recipients(row) if page.recipients else ()
        return {
            "page": page,
            "row": row,
            "title": format_sentence(page.question, row),
            "consequences": list(page.consequences(row) if callable(page.consequences) else page.consequences),
            "recipients": recipients,
            "figures": figures_of_recipients(recipients) if len(recipients) > 1 else (),
            "eyebrow": self.eyebrow(row),
            "back": self.back(request, row),
            **(page.context(row) if page.context else {}),
        }

    def show_conflict(self, request: UserRequest, row: Row, page: StepPage[Row]) -> HttpResponse:
        """Render the 409 page: what the row became, who changed it and when, and what was typed, to be copied.

        Raises Http404 when the row is gone.
        """
        try:
            row.refresh_from_db(fields=["state"])
        except ObjectDoesNotExist as gone:
            raise Http404 from gone
        context = {
            "page": page,
            "row": row,
            "line": last_line(row),
            "eyebrow": self.eyebrow(row),
            "back": self.back(request, row),
            "typed": [text for name, text in errors.typed_fields(request) if text.strip()],
        }
        return render(request, "dossiers/conflict.html", context, status=409)


def figures_of_recipients(people: Sequence[Person]) -> list[Figure]:
    """Return how many of these people get a mail and how many a letter; nothing of none."""
    by_post = sum(person.is_paper for person in people)
    figures: list[Figure] = [
        (len(people) - by_post, _("par courriel"), ""),
        (by_post, _("par la poste"), _("à imprimer")),
    ]
    return [figure for figure in figures if figure[0]]


def last_line(row: models.Model) -> JournalLine | None:
    """Return the last line of the journal about this row."""
    rows = Entry.objects.filter(subject_type=row._meta.label, subject_id=str(row.pk))
    return next(iter(journal_lines(rows.select_related("detail").order_by("-pk")[:1])), None)


def step_check(workflow: Workflow[Any], name: str) -> Callable[[Any, Any], None]:
    """Return the check of a bulk act: it raises what the step would, its right, its state, the first of its guards."""

    def check(user: Any, row: Any) -> None:
        workflow.check(user, row, name)
        for error in workflow.missing(row, name):
            raise error

    return check


def step_applies(workflow: Workflow[Any], name: str) -> Callable[[Any, Any], bool]:
    """Return the test by which the bar of a list offers the step for a row: its right and its state."""
    return lambda user, row: workflow.can_take(user, row, name)


def bulk_step(
    workflow: Workflow[Any],
    name: str,
    label: Label,
    success_message: Callable[[int], str],
    form: Any = None,
    consequences: Any = (),
) -> BulkAct[Any]:
    """Build the bulk act that takes the step of each ticked row, with its own right, state and guards.

    `form`: its `reason` goes to the step. `consequences`: of the step.
    """

    def action(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return workflow.transition(row, name, by=user, reason=data.get("reason", ""))

    check, applies = step_check(workflow, name), step_applies(workflow, name)
    return BulkAct(label, action, success_message, check, applies, form, consequences)


NAMED = 8  # A longer list is counted, not named.


def mail_consequences(names: Iterable[str]) -> list[str]:
    """Return « 2 personnes reçoivent un courriel : Anna Daste et Muriel Daste. », or the line that nobody does."""
    people = list(names)
    if not people:
        return [_("Personne ne reçoit de courriel.")]
    n = len(people)
    if n > NAMED:
        return [_("%(n)s personnes reçoivent un courriel.") % {"n": n}]
    sentence = ngettext(
        "%(n)s personne reçoit un courriel\u00a0: %(who)s.", "%(n)s personnes reçoivent un courriel\u00a0: %(who)s.", n
    )
    return [sentence % {"n": n, "who": french_enumeration(people)}]


# The rule of a page, its route, and the attributes of the row in its address (without any: its key).
type ReaderPage = tuple[Callable[[Any, Any], bool], str, *tuple[str, ...]]


class ReaderPages:
    """The pages of a row, in the order in which a reader with several roles is led there."""

    def __init__(self, *pages: ReaderPage) -> None:
        self.pages = pages

    def page_for(self, row: Any, user: Any) -> str:
        """Return the address of the first page whose rule lets `user` open it; empty without any."""
        for rule, route, *names in self.pages:
            if rule(user, row):
                return reverse(route, args=[attrgetter(name)(row) for name in names or ["pk"]])
        return ""


def is_any_reader(_user: Any, _row: Any) -> bool:
    """Return True: the page is open to everybody who may see the row."""
    return True


def is_published(_user: Any, row: Any) -> bool:
    """Return whether the row has a public page."""
    return row.published_at is not None
