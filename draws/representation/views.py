"""Views of representativeness, charts and file (the public reads no small cell); import of the population."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.files.fields import REFUSALS, UploadField
from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from assembly.institution.queries import active_term, main_assembly
from assembly.lists import Column, Table
from assembly.speed.page_cache import public_page
from assembly.text.french import format_percent
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from draws.calls.rules import can_see_candidates
from draws.draws.queries.announced import last_chances
from draws.models import PopulationMargins
from draws.representation import actions
from draws.representation.queries import (
    FEATURES,
    Group,
    GroupCell,
    Representation,
    figure_rows,
    imports,
    read_margins,
    representation,
    share_rows,
)
from draws.representation.who_sits import quoted_figures, seats_of
from members.portraits.queries import shown_portraits

MARGINS_SIZE = 256 * 1024
SHOWN_FOR = 2 * 3600  # seconds, as the preview of an import


class MarginsForm(StyledForm):
    """Form sent twice: with a file, which is read and shown, then with the shares that were shown, signed by us."""

    file = UploadField(label=gettext_lazy("Fichier (CSV)"), kinds=("csv",), max_size=MARGINS_SIZE, required=False)
    shares = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=160,
        validators=[check_text],  # type: ignore[list-item]  # -- its answer is not used
        help_text=gettext_lazy("Publiée avec les chiffres, par exemple « INSEE, recensement 2021 »."),
    )
    dated_on = forms.DateField(label=gettext_lazy("Date des chiffres"))

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term

    def clean_file(self) -> dict[str, dict[str, float]] | None:
        file = self.cleaned_data["file"]
        return read_margins(file.content, self.term) if file else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "file" in data and not data["file"]:
            try:
                data["file"] = signing.loads(data.get("shares") or "", salt=self.salt, max_age=SHOWN_FOR)
            except signing.BadSignature:
                self.add_error("file", REFUSALS["required"])
        return data

    @property
    def salt(self) -> str:
        return f"margins:{self.term.assembly_id}"

    def show_shares(self) -> dict[str, dict[str, float]] | None:
        """Return the shares of a file that nobody has seen yet; the form sent again carries them signed."""
        shares: dict[str, dict[str, float]] = self.cleaned_data["file"]
        if not self.files:
            return None
        data: Any = self.data
        self.data = {**data.dict(), "shares": signing.dumps(shares, salt=self.salt)}
        return shares

    def clean_dated_on(self) -> Any:
        day = self.cleaned_data["dated_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est à venir."))
        return day


# Groups that each group is compared with: the first one of these that has figures by the feature.
COMPARED = {"volunteers": ["population"], "panel": ["population", "volunteers"]}
COMPARED_MEASURES = ["panel", "volunteers"]
FILE = Table(
    gettext_lazy("représentativité"),
    [
        Column(gettext_lazy("Critère"), lambda row: FEATURES[row["feature"]]),
        Column(gettext_lazy("Valeur"), lambda row: row["label"]),
        Column(gettext_lazy("Groupe"), lambda row: row["group"].title),
        Column(gettext_lazy("Nombre"), lambda row: cell_number(row["cell"])),
        Column(gettext_lazy("Part"), lambda row: "" if row["cell"].share is None else round(row["cell"].share, 4)),
    ],
)


@require_safe
def representation_page(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_candidates)
    return render(request, "draws/representation/desk.html", page_context(term, public=False))


@require_safe
def representation_file(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_candidates)
    return FILE.described_file(request, figure_rows(representation(term, public=False)), place=term.name)


PANEL_FEATURES = ("gender", "age_band", "occupation")


@login_not_required
@require_safe
@public_page
def public_who_sits(request: HttpRequest) -> HttpResponse:
    """Show who sits today, canton by canton, and the published profile of the members beside the population."""
    term = public_term()
    shown = representation(term, public=True)
    sections = [section(feature, shown) for feature in PANEL_FEATURES if feature in shown.values]
    charts = [chart for one in sections for chart in one["charts"] if chart["key"] == "panel"]
    shares = [bar[name] for chart in charts for bar in chart["bars"] for name in ("value", "reference") if name in bar]
    context = {
        "term": term,
        "seats": seats_of(term),
        "figures": quoted_figures(shown),
        "charts": charts,
        "largest": max(shares, default=0),
        "sources": list(dict.fromkeys(one["source"] for one in sections if one["charts"] and one["source"])),
        "publication": shown.publication,
        "last": last_chances(),
        "portraits": shown_portraits(term),
    }
    return render(request, "draws/representation/who_sits.html", context)


@login_not_required
@require_safe
@public_page
def public_representation(request: HttpRequest) -> HttpResponse:
    return render(request, "draws/representation/public.html", page_context(public_term(), public=True))


@login_not_required
@require_safe
@public_page
def public_representation_file(request: HttpRequest) -> HttpResponse:
    return FILE.data(figure_rows(representation(public_term(), public=True)))


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def population_import(request: UserRequest) -> HttpResponse:
    """Import figures of the inhabitants from a file: other features than their ages, or newer ages."""
    term = working_term(request, can_see_candidates)
    is_sent = request.method == "POST"
    form = MarginsForm(request.POST if is_sent else None, request.FILES if is_sent else None, term=term)
    if is_sent and form.is_valid() and (shares := form.show_shares()):
        context = {"term": term, "imports": imports(term), "form": form, "preview": list(share_rows(shares, term))}
        return render(request, "draws/representation/population_import.html", context)
    return form_page(
        request,
        form,
        lambda data: actions.import_margins(
            term, data["file"], source=data["source"], dated_on=data["dated_on"], by=request.user
        ),
        template="draws/representation/population_import.html",
        context=lambda: {"term": term, "imports": imports(term)},
        field="file",
        success_message=_("Les chiffres de la population sont publiés avec leur source."),
        to=reverse("draws:representation"),
    )


@require_POST
def population_count(request: UserRequest, pk: int, action: str) -> HttpResponse:
    """Exclude an import, or count it again: the figures before it come back, or are replaced."""
    term = working_term(request, can_see_candidates)
    row = get_object_or_404(PopulationMargins, pk=pk, assembly=term.assembly_id)
    acts = {"ecarter": actions.exclude_margins, "reprendre": actions.include_margins}
    if action not in acts:
        raise Http404
    acts[action](row, term, by=request.user)
    done = {
        "ecarter": _("Ces chiffres ne comptent plus : ceux d’avant reviennent."),
        "reprendre": _("Ces chiffres comptent de nouveau."),
    }
    messages.success(request, done[action])
    return redirect("draws:population-import")


def public_term() -> Term:
    """Return the term that the public home shows; 404 without one."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        raise Http404
    return term


def page_context(term: Term, *, public: bool) -> dict[str, Any]:
    comparison = representation(term, public=public)
    counted = [group for group in comparison.groups if group.total]
    sections = [section(feature, comparison) for feature in comparison.values] if counted else []
    unknown = next((group.cells["occupation"].get("") for group in counted if group.key == "panel"), None)
    return {
        "term": term,
        "publication": comparison.publication,
        "groups": counted,
        "sections": [each for each in sections if each["charts"] or each["hidden"]],
        "unknown": unknown.number if unknown else 0,
    }


def section(feature: str, representation: Representation) -> dict[str, Any]:
    """Return one chart a group. A group whose cells are all hidden is only named."""
    by_key = {group.key: group for group in representation.groups if feature in group.cells}
    counted = [group for group in by_key.values() if group.total]
    hidden = [group for group in counted if all(cell.is_hidden for cell in group.cells[feature].values())]
    charts = [
        chart(feature, group, compared_with(group, by_key, hidden), representation.values[feature])
        for group in counted
        if group not in hidden
    ]
    source = next((group.notes.get(feature, "") for group in by_key.values()), "")
    return {
        "feature": feature,
        "title": FEATURES[feature],
        "charts": charts,
        "hidden": [row.title for row in hidden],
        "source": source,
    }


def compared_with(group: Group, groups: dict[str, Group], hidden: list[Group]) -> Group | None:
    keys = COMPARED.get(group.key, COMPARED_MEASURES)
    return next((groups[key] for key in keys if key in groups and groups[key] not in hidden), None)


def chart(feature: str, group: Group, other: Group | None, values: dict[str, str]) -> dict[str, Any]:
    """Return the bars of the group, the marks of the other one, and both as a table."""
    bars, table = [], []
    for value, label in values.items():
        cell = group.cells[feature][value]
        bar = {"label": capfirst(label), "value": cell.share or 0, "text": cell_share(cell, decimals=0)}
        cells: list[Any] = [capfirst(label), cell_number(cell), cell_share(cell)]
        if other:
            mark = other.cells[feature].get(value, GroupCell(None, None))
            cells.append(cell_share(mark))
            if mark.share is not None:
                bar |= {"reference": mark.share, "reference_text": cell_share(mark, decimals=0)}
        bars.append(bar)
        table.append(cells)
    head = [FEATURES[feature], group.counted, _("Part")] + ([other.title] if other else [])
    note = _("Barre : %(bar)s. Trait : %(mark)s.") % {"bar": group.title, "mark": other.title} if other else ""
    return {
        "key": group.key,
        "title": f"{group.title} – {FEATURES[feature]}",
        "bars": bars,
        "head": head,
        "table": table,
        "note": note,
    }


def cell_number(cell: GroupCell) -> Any:
    if cell.is_hidden:
        return _("masqué")
    return "" if cell.number is None else cell.number


def cell_share(cell: GroupCell, decimals: int = 1) -> str:
    return _("masqué") if cell.is_hidden else format_percent(cell.share, decimals=decimals)
