"""The term and the row of a page of a register, the pages of its steps, the frame around the pages of a row."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierFrame, Status, awaited_for, tabs_of
from assembly.dossiers.pages import StepLink
from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from assembly.text.french import due, format_date, format_moment
from assembly.web.path import PathStep, path_of
from mission.registers.declaration import Register, registers
from mission.registers.models import RegisterRow


def term_of(request: UserRequest, register: Register) -> Term:
    """Return the term in which the user reads this register; 403 if there is none."""
    return working_term(request, register.can_enter)


def row_of(request: UserRequest, register: Register, pk: int) -> Any:
    """Return a row that the user sees, whatever their current term; else 404, as for a row that does not exist."""
    keys = ("owner__person", "created_by__person", *register.related)
    return get_object_or_404(register.rows(register.visible_to(request.user).select_related(*keys)), pk=pk)


def written_row(request: UserRequest, register: Register, pk: int) -> Any:
    """Return a row that the user may change; 403 without the right, 409 in a locked state."""
    row = row_of(request, register, pk)
    register.check_write(request.user, row)
    return row


def page_address(register: Register, name: str = "", *args: Any) -> str:
    """Return the URL of `mission:<key>` or `mission:<key>-<name>`."""
    return reverse(f"mission:{register.key}-{name}" if name else f"mission:{register.key}", args=args)


@cache
def step_pages(key: str) -> StepPages[Any]:
    """Return the pages of the steps of one register, built once."""
    register = registers[key]
    return StepPages(
        register.workflow,
        name=f"mission:{key}-step",
        fetch=lambda request, pk: row_of(request, register, pk),
        back=lambda request, row: reverse(f"mission:{key}-row", args=[row.pk]),
        eyebrow=lambda row: f"{register.title}, {row.name}",
    )


def frame_of(request: UserRequest, register: Register, row: Any, tab: str) -> DossierFrame:
    """Return the frame around each page of a row."""
    pages = step_pages(register.key)
    slug = pages.first_ready(request.user, row, register.primary)
    status = Status(
        sentence=register.sentence(row) or row.get_state_display().capitalize(),
        consequence=_("Échéance\u00a0: %(day)s") % {"day": due(row.due_on)} if row.due_on and not row.is_over else "",
        label=str(pages.pages[slug].label) if slug else "",
        url=pages.url(row, slug) if slug else "",
    )
    return DossierFrame(
        row=row,
        title=row.name,
        name=row.reference,
        above=(str(register.title), page_address(register)),
        status=status,
        path_name=_("Étapes"),
        path=path_to(register, row),
        tabs_name=_("Onglets de la fiche"),
        tabs=tabs_of(
            "mission",
            row.pk,
            f"{register.key}-{tab}",
            [
                (f"{register.key}-row", _("La fiche"), None, ""),
                (f"{register.key}-files", _("Fichiers et liens"), None, ""),
                (f"{register.key}-history", _("Historique"), None, ""),
            ],
        ),
        facts=facts_of(row),
        links=[
            *pages.links(request, row, without=[slug] if slug else []),
            StepLink(f"{page_address(register, 'new')}?copie={row.pk}", _("Dupliquer"), f"copie-{row.pk}"),
        ],
        edit=page_address(register, "edit", row.pk) if register.can_write(request.user, row) else "",
        awaited=awaited_for(status, request.user, row),
    )


def path_to(register: Register, row: RegisterRow) -> list[PathStep]:
    """Return the path of the declaration; nothing where its states go both ways, or for a row outside of it."""
    states = [str(state) for state in register.path]
    if not register.is_one_way or row.state not in states:
        return []
    labels = {str(state): str(label).capitalize() for state, label in register.states.choices}
    return path_of([(labels[state], "") for state in states], states.index(row.state))


def facts_of(row: Any) -> list[tuple[str, Any]]:
    author = row.created_by.get_full_name() if row.created_by else _("par le formulaire public")
    rows = [
        (_("Référence"), row.reference),
        (_("Suivi par"), row.owner.get_full_name() if row.owner else _("à désigner")),
        (_("Échéance"), format_date(row.due_on)),
        (_("Créée"), f"{format_moment(row.created_at)}, {author}"),
    ]
    return [(label, value) for label, value in rows if value]


def row_page(request: UserRequest, register: Register, row: Any, tab: str, template: str, **more: Any) -> HttpResponse:
    """Render one of the tabs of a row."""
    frame = frame_of(request, register, row, tab)
    return render(request, template, {"register": register, "row": row, "frame": frame, **more})
