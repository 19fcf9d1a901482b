"""Gallery of the components: each one in all its states, with sample content. Screens are built from these alone.

The persons are fictitious; the cantons are real.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.files.fields import FilesField, UploadField
from assembly.text.french import when
from assembly.web.drawings import bar_chart
from assembly.web.forms import ListFilter, StyledForm
from assembly.web.pagination import Page, Sorting
from assembly.web.path import PathStep

MEMBERS = [
    {"name": "Abadie, Célia", "canton": "Muret", "attendance": "3 sur 3", "state": "done", "label": "Vient"},
    {
        "name": "Barthès, Jean-Luc",
        "canton": "Cazères",
        "attendance": "2 sur 3",
        "state": "waiting",
        "label": "Sans réponse",
    },
    {"name": "Benali, Farid", "canton": "Toulouse-7", "attendance": "3 sur 3", "state": "done", "label": "Vient"},
    {
        "name": "Diallo, Amina",
        "canton": "Blagnac",
        "attendance": "1 sur 3",
        "state": "refused",
        "label": "Ne vient pas",
    },
]
AGES = [
    ("15 à 29 ans", 12, 26),
    ("30 à 44 ans", 21, 24),
    ("45 à 59 ans", 27, 23),
    ("60 à 74 ans", 32, 17),
    ("75 ans et plus", 8, 10),
]
STATES = [
    ("todo", "À faire"),
    ("in_progress", "En cours"),
    ("waiting", "Attend une réponse"),
    ("warn", "À corriger"),
    ("done", "Fait"),
    ("partial", "Acceptée en partie"),
    ("late", "4 jours de retard"),
    ("refused", "Refusée"),
    ("closed", "Figé"),
]


COLOURS = (
    "paper sheet sand sand-deep line line-strong ink ink-soft violet violet-wash brick brick-wash green green-wash"
)
CHIPS = [("Tous", 106, True), ("Sans réponse", 14, False), ("Sans courriel", 4, False)]


class SpecimenFilterForm(ListFilter):
    name = forms.CharField(label="Chercher un membre", required=False)
    canton = forms.ChoiceField(label="Canton", choices=[("", "Tous les cantons")], required=False)


class SpecimenForm(StyledForm):
    held_on = forms.DateField(label="Date de la séance", help_text="Un samedi, par exemple 27/06/2026")
    place = forms.ChoiceField(
        label="Lieu",
        widget=forms.RadioSelect,
        choices=[("hd", "Hôtel du Département, Toulouse"), ("sg", "Antenne de Saint-Gaudens")],
    )
    canton = forms.ChoiceField(label="Canton", choices=[("", "Tous les cantons"), ("muret", "Muret")], required=False)
    childcare = forms.BooleanField(label="Proposer une garde d’enfants", required=False)
    message = forms.CharField(
        label="Message aux membres", help_text="600 signes au plus", widget=forms.Textarea, required=False
    )
    paper = UploadField(label="Ordre du jour", help_text="PDF, 20 Mo au plus", kinds=("pdf",))
    papers = FilesField(
        label="Pièces du dossier",
        help_text="PDF, documents, images ou archives ZIP, 20 Mo au plus chacun",
        kinds=("pdf", "office", "image", "text"),
        required=False,
    )


def specimen_context() -> dict[str, Any]:
    """Return everything the page shows, with one form in error."""
    return {
        "empty_form": SpecimenForm(prefix="a"),
        "bad_form": SpecimenForm({"b-childcare": "on"}, prefix="b"),
        "states": STATES,
        "swatches": [*COLOURS.split(), "ochre", "ochre-wash"],
        "soon": timezone.now() + timedelta(days=12),
        **list_specimen(),
        **record_specimen(),
        **chart_specimens(),
    }


def list_specimen() -> dict[str, Any]:
    return {
        "filters": SpecimenFilterForm(prefix="f"),
        "chips": [{"label": label, "url": "#contenu", "count": n, "current": chosen} for label, n, chosen in CHIPS],
        "members": MEMBERS,
        "columns": [
            {"label": "Nom", "key": "nom"},
            {"label": "Canton", "key": "canton"},
            {"label": "Présence", "key": "presence", "number": True},
            {"label": "Samedi 27 juin"},
        ],
        "order": Sorting("nom", False, ("name",)),
        "page": Page(rows=MEMBERS, before=None, after=4),
    }


def record_specimen() -> dict[str, Any]:
    return {
        "steps": [
            PathStep("Planifiée", "12 janvier", "done"),
            PathStep("Convoquée", "13 mars", "done"),
            PathStep("Tenue", "28 mars", "current"),
            PathStep("Approuvée", "27 juin", ""),
        ],
        "tabs": [
            {"label": "Résumé", "url": "#resume", "current": True},
            {"label": "Ordre du jour", "url": "#ordre"},
            {"label": "Présences", "url": "#presences", "count": 14, "count_label": "sans réponse"},
        ],
        "facts": [("Date", when(timezone.now() + timedelta(days=12))), ("Lieu", "Hôtel du Département, Toulouse")],
    }


def chart_specimens() -> dict[str, Any]:
    rows = [
        {"label": label, "value": a, "text": f"{a} %", "reference": b, "reference_text": f"{b} %"}
        for label, a, b in AGES
    ]
    return {
        "age_chart": bar_chart(rows, title="Âge des membres comparé à la population"),
        "age_head": ["Âge", "Assemblée", "Population"],
        "age_rows": [(label, f"{a} %", f"{b} %") for label, a, b in AGES],
        "answers": [("s1", 19, "réalisées"), ("s2", 17, "en cours"), ("s3", 9, "à l’étude"), ("s4", 8, "refusées")],
        "votes": [("pour", 71), ("contre", 9), ("abst", 6), ("nspp", 2)],
    }


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/component_gallery.html", specimen_context())
