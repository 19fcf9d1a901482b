"""Forms of amendments. They clean the input; the actions write it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.collab.document import grammar
from assembly.collab.document.grammar import PROMPTS
from assembly.identity.fields import PeopleField, PersonField
from assembly.identity.models import Person, User
from assembly.institution.models import Committee
from assembly.text.french import alphabetical
from assembly.text.numbers import WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import ListFilter, StyledForm, text_box, with_current
from assembly.workflow import StepForm
from opinions.amending import typed_input
from opinions.amending.changes import Operation
from opinions.amendments.queries import mergeable
from opinions.models import Amendment, AmendmentState, ViewStance
from sessions.decisions.forms import CountForm
from sessions.models import Ballot, Via

# Required questions: nobody could answer a recommendation without them.
ASKED = {"problem", "proposal"}
INSERTIONS = {Operation.INSERT_AFTER, Operation.INSERT_BEFORE}
QUOTE_LENGTH, TEXT_LENGTH = 600, 6000
PAPER = [(Via.PAPER, _("sur papier")), (Via.PHONE, _("par téléphone")), (Via.DESK, _("dit en séance"))]


def alinea(label: Any, help_text: Any = "", *, required: bool = True) -> WholeNumberField:
    widget = forms.TextInput(attrs={"class": "control control-num"})
    wrong = _("Écrivez un numéro d’alinéa.")
    messages = {"invalid": wrong, "required": wrong, "min_value": _("Les alinéas se comptent à partir de 1.")}
    return WholeNumberField(
        label=label,
        min_value=1,
        max_value=9999,
        help_text=help_text,
        required=required,
        widget=widget,
        error_messages=messages,
    )


class AmendmentForm(StyledForm):
    """Form for one amendment: the passage, the operation, the new text, the reason."""

    fields_by_code = {
        "passage": "alinea_from",
        "place": "alinea_from",
        "version": "alinea_from",
        "text": "typed",
        "parent": "",
    }
    alinea_from = alinea(_("Alinéa"))
    alinea_to = alinea(
        _("Jusqu’à l’alinéa"), _("À remplir seulement pour plusieurs alinéas à la suite."), required=False
    )
    operation = forms.ChoiceField(label=_("Que proposez-vous ?"), choices=Operation.choices, widget=forms.RadioSelect)
    quote = text_box(
        _("Les mots à changer"),
        QUOTE_LENGTH,
        2,
        _("Copiez-les tels qu’ils sont dans l’alinéa. Laissez vide pour l’alinéa entier."),
        required=False,
    )
    typed = text_box(
        _("Le nouveau texte"),
        TEXT_LENGTH,
        5,
        _("Laissez vide pour une suppression. Une ligne qui commence par « - » fait une liste."),
        required=False,
    )
    reason = text_box(_("Pourquoi ?"), 800, 3, _("Une ou deux phrases, qui seront imprimées avec l’amendement."))
    committee = forms.ModelChoiceField(
        label=_("Au nom d’un groupe"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=_("En mon nom"),
    )
    parent = forms.ModelChoiceField(queryset=Amendment.objects.none(), required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        committees: QuerySet[Committee],
        parents: QuerySet[Amendment],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = with_current(committees, self.initial.get("committee"))  # a group left meanwhile gets a message
        self.fields["committee"].queryset = offered  # type: ignore[attr-defined]  # -- a model choice field
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]  # -- the same
        if not offered.exists():
            del self.fields["committee"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("alinea_from"), data.get("alinea_to")
        is_single = data.get("operation") in INSERTIONS or bool(data.get("quote"))
        if first and (last is None or is_single):
            data["alinea_to"] = first
        elif first and last < first:
            self.add_error("alinea_to", _("Le dernier alinéa vient après le premier."))
        if data.get("quote") and len(data.get("typed", "")) > QUOTE_LENGTH:
            self.add_error("typed", _("Pour quelques mots, écrivez moins de 600 signes."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the values for the action."""
        names = ("operation", "alinea_from", "alinea_to", "quote", "typed", "reason", "parent")
        return {name: self.cleaned_data[name] for name in names} | {"committee": self.cleaned_data.get("committee")}

    @staticmethod
    def initial_of(amendment: Amendment) -> dict[str, Any]:
        """Return the initial values for a draft, as it was typed."""
        one = amendment.alinea_from == amendment.alinea_to
        return {
            "operation": amendment.operation,
            "alinea_from": amendment.alinea_from,
            "alinea_to": None if one else amendment.alinea_to,
            "quote": amendment.quote,
            "typed": amendment.new_text or typed_input.typed_text(amendment.content),
            "reason": amendment.reason,
            "committee": amendment.committee_id,
            "parent": amendment.parent_id,
            "version": amendment.revision,
        }


class NewRecommendationForm(StyledForm):
    """Form for a whole new recommendation: its place, its title, its six questions, the reason."""

    fields_by_code = dict.fromkeys(["passage", "place", "version"], "alinea_from")
    alinea_from = forms.TypedChoiceField(label=_("Où la placer ?"), coerce=int)
    title = forms.CharField(label=_("Son titre"), max_length=200, validators=[check_text])
    reason = text_box(
        _("Pourquoi l’ajouter ?"), 800, 3, _("Une ou deux phrases, qui seront imprimées avec l’amendement.")
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, _("Après « %(title)s »") % {"title": title}) for number, title in places]
        self.fields["alinea_from"].choices = choices  # type: ignore[attr-defined]  # -- a choice field
        for prompt, question in PROMPTS.items():
            self.fields[prompt] = text_box(question, 2000, 3, required=prompt in ASKED)
        self.order_fields(["alinea_from", "title", *PROMPTS, "reason"])

    def values(self, node_id: str | None = None) -> dict[str, Any]:
        """Return the values for the action; the node has the same id from one save to the next."""
        data = self.cleaned_data
        fields = {prompt: typed_input.typed_blocks(data[prompt]) for prompt in PROMPTS}
        return {
            "operation": Operation.INSERT_AFTER,
            "alinea_from": data["alinea_from"],
            "alinea_to": data["alinea_from"],
            "quote": "",
            "blocks": [grammar.recommendation(data["title"], fields, id=node_id)],
            "reason": data["reason"],
        }

    @staticmethod
    def initial_of(amendment: Amendment) -> dict[str, Any]:
        """Return the initial values for a draft, as it was typed."""
        title, *fields = amendment.content[0]["content"]
        answers = {
            field["attrs"]["prompt"]: typed_input.typed_text(field.get("content", [])).strip() for field in fields
        }
        head = typed_input.typed_text([{**title, "type": "paragraph"}])
        names = {"alinea_from": amendment.alinea_from, "reason": amendment.reason, "version": amendment.revision}
        return {"title": head, **answers, **names}


class PaperMixin(forms.Form):
    """Fields that the team adds to what a member gave: from whom, how, when, and who signed."""

    author = PersonField(label=_("De qui ?"), queryset=Person.objects.none(), empty_label=_("Choisir un membre"))
    via = forms.ChoiceField(
        label=_("Comment nous est-il parvenu ?"),
        choices=[(way.value, label) for way, label in PAPER],
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(label=_("Reçu le"), initial=timezone.localdate)
    cosigners = PeopleField(
        label=_("Qui l’a signé aussi ?"),
        queryset=Person.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, members: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("author", "cosigners"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]  # -- a model choice field
        self.fields["reason"].required = False
        self.fields["reason"].help_text = _("Tel qu’il est écrit ou dit.")
        self.order_fields(["author", "via", "received_on"])

    def received(self) -> dict[str, Any]:
        """Return the values for the action in addition to the amendment itself."""
        return {name: self.cleaned_data[name] for name in ("via", "received_on", "cosigners")}


class AmendmentRecordForm(PaperMixin, AmendmentForm):
    """Form for an amendment that the team keys in for a member."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"].label = _("Ce qui est proposé")
        if "committee" in self.fields:
            self.fields["committee"].empty_label = _("En son nom")  # type: ignore[attr-defined]  # -- a model choice field


class RecordRecommendationForm(PaperMixin, NewRecommendationForm):
    """Form for a whole recommendation that the team keys in for a member."""


class InviteForm(StyledForm):
    person = PersonField(
        label=_("Proposer à un membre de signer"), queryset=Person.objects.none(), empty_label=_("Choisir un membre")
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # -- a model choice field


class AmendmentReasonForm(StepForm):
    reason = text_box(_("Pourquoi ?"), 800, 3)


class WithdrawForm(StepForm):
    reason = text_box(_("Pourquoi ?"), 800, 3, required=False)


class RapporteurViewForm(StepForm):
    """Form for the view of the rapporteur."""

    stance = forms.ChoiceField(label=_("Votre avis"), choices=ViewStance.choices, widget=forms.RadioSelect)
    text = text_box(_("En quelques mots"), 1500, 4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(stance=self.row.view_stance, text=self.row.view_text)


class MergeForm(AmendmentReasonForm):
    into = forms.ModelChoiceField(
        label=_("Avec quel amendement ?"), queryset=Amendment.objects.none(), empty_label=_("Choisir")
    )
    field_order = ["into", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = mergeable(self.row)  # type: ignore[attr-defined]  # -- a model choice field
        self.fields["into"].label_from_instance = lambda one: _("Amendement n°\u00a0%(n)s") % {"n": one.number}  # type: ignore[attr-defined]  # -- the same


class VoteForm(CountForm, StepForm):
    """Sheet of any vote; the ballot itself is created when its numbers are right."""

    def __init__(self, *args: Any, row: Amendment, user: User, **kwargs: Any) -> None:
        sheet = Ballot(agenda_item=row.opinion.agenda_item)
        initial = CountForm.initial_for(sheet, user.person.full_name)
        super().__init__(*args, ballot=sheet, initial=initial, row=row, user=user, **kwargs)
        self.show_present_count()
        self["voted_at"].help_text = f"{self['voted_at'].help_text} {self.quorum_text}".strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data if self.errors else {"votes": self.count(), **self.facts()}


class AmendmentFilterForm(ListFilter):
    """Filters of the table, read from the query string."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=80)
    etat = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("Tous")), *((s.value, s.label) for s in AmendmentState if s != AmendmentState.DRAFT)],
    )
    heurts = forms.ChoiceField(
        label=_("Collisions"), required=False, choices=[("", _("Tous")), ("oui", _("Ceux qui se heurtent"))]
    )

    def condition(self) -> Q:
        data = self.cleaned_data if self.is_valid() else {}
        condition = Q()
        if asked := data.get("q", "").strip():
            condition &= (
                Q(number=int(asked))
                if asked.isdecimal() and len(asked) < 5
                else Q(author__sort_name__contains=alphabetical(asked) or asked)
                | Q(reason__unaccent__icontains=asked)
                | Q(quote__unaccent__icontains=asked)
                | Q(new_text__unaccent__icontains=asked)
            )
        if state := data.get("etat"):
            condition &= Q(state=state)
        return condition

    @property
    def only_colliding(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("heurts"))
