"""Forms of minutes: steps that need input, corrections, rich text, notes."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import Person
from assembly.text.french import Label, format_date
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, with_current
from assembly.web.versioned import Difference
from assembly.workflow import StepForm
from sessions.agenda.queries import items_of
from sessions.minutes.queries.facts import MinutesReading
from sessions.minutes.queries.minutes import next_plenaries, people_who_attended
from sessions.minutes.rules import from_plain, merged_notes, to_plain
from sessions.models import AgendaItem, Ballot, Minutes, MinutesKind, MinutesSection, MinutesVisaCapacity, Sitting, Via


class RemarkForm(StepForm):
    reason = forms.CharField(
        label=_("Ce qui reste à faire"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
    )


class KindForm(StepForm):
    prefilled = ("kind",)
    kind = forms.ChoiceField(label=_("Type"), choices=MinutesKind.choices, widget=forms.RadioSelect)


class FunctionsForm(StepForm):
    """Form of who chaired and who was the secretary, among the people of the sitting and the team."""

    chair = PersonField(label=_("Présidence de séance"), queryset=Person.objects.none())
    secretary = PersonField(label=_("Secrétariat de séance"), queryset=Person.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sitting = self.row.sitting
        people = Person.objects.filter(sitting_invitations__sitting=sitting) | Person.objects.filter(
            user__roles__term=sitting.term_id, user__roles__ended_at=None, user__roles__role__in=["lead", "officer"]
        )
        for name, holder in (("chair", sitting.chair_id), ("secretary", sitting.secretary_id)):
            self.fields[name].queryset = with_current(people, holder).distinct().order_by("sort_name", "pk")
            self.initial.setdefault(name, holder)


class SittingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {format_date(obj.starts_at)}"


class ApprovalSittingForm(StepForm):
    sitting = SittingChoice(
        label=_("Séance qui approuvera"), queryset=Sitting.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sittings = next_plenaries(self.row.sitting)
        self.fields["sitting"].queryset = sittings
        first = sittings.first()
        self.initial.setdefault("sitting", first.pk if first else None)


class ApprovalForm(StepForm):
    ballot = forms.ModelChoiceField(
        label=_("Comment"),
        queryset=Ballot.objects.none(),
        required=False,
        blank=True,
        empty_label=_("Adopté sans observation"),
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("Mention"), max_length=120, required=False, validators=[check_text])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ballot"].queryset = Ballot.objects.filter(
            agenda_item=self.row.approval_item_id, counted_at__isnull=False, is_advisory=False
        ).order_by("pk")
        self.fields["ballot"].label_from_instance = lambda ballot: (
            _("Par le vote « %(question)s »") % {"question": ballot.question}
        )


class PaperVisaForm(StepForm):
    capacity = forms.ChoiceField(label=_("Visa de"), choices=MinutesVisaCapacity.choices, widget=forms.RadioSelect)


class SealForm(StepForm):
    """Form without a question, unless the public version has words that could be a person's name."""

    doubts_read = forms.BooleanField(
        required=False,
        label=_("J’ai relu ces mots : aucun ne désigne une personne privée."),
        help_text=_("Sinon, revenez : rouvrez le texte et écrivez « un·e membre » à la place."),
    )
    fields_by_code = {"doubts": "doubts_read"}

    def consequences(self) -> list[Label]:
        """Return each doubtful passage; without one, remove the question."""
        if not (doubts := MinutesReading(self.row).doubtful_passages):
            del self.fields["doubts_read"]
            return []
        self.fields["doubts_read"].required = True
        return [
            _("Ces mots pourraient désigner une personne. Ils resteront tels quels dans la version publique :"),
            *doubts,
        ]


class ItemChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.title


class SectionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.agenda_item.title


class RectificationForm(StepForm):
    section = SectionChoice(label=_("Point"), queryset=MinutesSection.objects.none())
    passage = forms.CharField(
        label=_("Passage à remplacer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
    )
    proposal = forms.CharField(
        label=_("Texte rectifié"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), validators=[check_text]
    )
    reason = forms.CharField(label=_("Motif"), max_length=600, validators=[check_text])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = (
            MinutesSection.objects.filter(minutes=self.row)
            .exclude(summary_html="")
            .select_related("agenda_item")
            .order_by("agenda_item__position", "pk")
        )


class AskCorrectionForm(StyledForm):
    """Form of a correction that a reader asks for: the present passage, the new text, the reason."""

    passage = forms.CharField(
        label=_("Ce qui est écrit"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[check_text],
        help_text=_("Copiez la phrase à corriger. Laissez vide pour ajouter quelque chose."),
    )
    proposal = forms.CharField(
        label=_("Ce qu’il faudrait lire"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[check_text],
        help_text=_("Laissez vide pour supprimer ce qui est écrit."),
    )
    reason = forms.CharField(label=_("Pourquoi"), max_length=600, required=False, validators=[check_text])


class NoteCorrectionForm(AskCorrectionForm):
    """Form of a correction received by letter or telephone."""

    item = ItemChoice(label=_("Point"), queryset=AgendaItem.objects.none())
    author = PersonField(label=_("Demandée par"), queryset=Person.objects.none())
    via = forms.ChoiceField(
        label=_("Reçue"),
        choices=[(Via.PAPER, Via.PAPER.label), (Via.PHONE, Via.PHONE.label), (Via.DESK, Via.DESK.label)],
        widget=forms.RadioSelect,
    )

    field_order = ("item", "author", "via", "passage", "proposal", "reason")

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items_of(minutes.sitting, internal=False)
        keys = [person.pk for person in people_who_attended(minutes.sitting)]
        self.fields["author"].queryset = Person.objects.filter(pk__in=keys).order_by("sort_name", "pk")


class RefuseForm(StyledForm):
    answer = forms.CharField(
        label=_("Pourquoi la correction est refusée"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_text],
        help_text=_("La personne qui l’a demandée lira ces mots."),
    )


class RichTextForm(StyledForm):
    """`text` is plain text, or HTML when plain text cannot express it; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    format = forms.ChoiceField(choices=[("text", "text"), ("html", "html")], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    @classmethod
    def of(cls, html: str, version: int, *, label: Any, data: Any = None) -> Self:
        """Return the form that shows the present text, or the submitted `data` instead of it."""
        plain = to_plain(html)
        initial = {"text": html, "format": "html"} if plain is None else {"text": plain, "format": "text"}
        return cls(data, initial=initial | {"version": version}, label=label)

    @property
    def html(self) -> str:
        """Return the content of the fields as HTML."""
        text = self["text"].value() or ""
        return text if self["format"].value() == "html" else from_plain(text)

    def compare_with(self, html: str, typed: str) -> list[Difference]:
        """Return the comparison of a conflict; the sanitizer cleaned both texts."""
        return [Difference(str(self.fields["text"].label), html, typed, is_html=True)]


class NoteForm(StyledForm):
    """Form of the note typed in one window; `version` is the one that was read."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def merge_with(self, saved_text: str) -> list[Difference]:
        """Merge both texts of a conflict into the field, common parts once: one person wrote both."""
        data: Any = self.data  # `attempt` made a mutable copy
        data["text"] = merged_notes(saved_text, self.cleaned_data["text"])
        return []
