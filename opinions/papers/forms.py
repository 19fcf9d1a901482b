"""Forms of the documents: the chapters around the text, a visa given on paper, a Word file to import."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from opinions.models import PrintedChapters
from opinions.papers.models import OpinionVisaCapacity

BLANK_LINE = _("Laissez une ligne vide entre deux paragraphes.")


class ChaptersForm(forms.Form):
    """Form for the chapters, each optional; `version` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    foreword = forms.CharField(label=_("Avant-propos"), required=False, widget=forms.Textarea({"rows": 8}))
    foreword_by = forms.CharField(label=_("Signature de l’avant-propos"), required=False, max_length=200)
    genesis = forms.CharField(label=_("Naissance de l’Assemblée"), required=False, widget=forms.Textarea({"rows": 6}))
    method = forms.CharField(label=_("Méthode"), required=False, widget=forms.Textarea({"rows": 6}))
    thanks = forms.CharField(label=_("Remerciements"), required=False, widget=forms.Textarea({"rows": 4}))

    def __init__(self, data: Any = None, *, chapters: PrintedChapters) -> None:
        initial = {name: getattr(chapters, name) for name in self.base_fields if name != "version"}
        version = chapters.version if chapters.pk else 0
        super().__init__(data, initial=initial | {"version": version})
        for name in ("foreword", "genesis", "method", "thanks"):
            self.fields[name].help_text = BLANK_LINE

    def chapters(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PaperVisaForm(forms.Form):
    """Form for the capacity of the person whose signed paper the team has."""

    capacity = forms.ChoiceField(label=_("Qui a signé"), choices=OpinionVisaCapacity)


class WordImportForm(forms.Form):
    """Form for one Word file."""

    file = UploadField(
        label=_("Fichier Word"),
        kinds=("word",),
        max_size=20 * MEGABYTE,
        help_text=_("Un fichier .docx sans macros, 20 Mo au plus. Rien n’est écrit avant votre accord."),
    )


class EasyReadFileForm(forms.Form):
    """Form for the summary as a workshop laid it out, with its pictures."""

    file = UploadField(
        label=_("Résumé facile à lire, mis en page"),
        kinds=("pdf",),
        max_size=20 * MEGABYTE,
        help_text=_("Un PDF, 20 Mo au plus. Le résumé écrit reste à côté, pour celles et ceux qui écoutent."),
    )
