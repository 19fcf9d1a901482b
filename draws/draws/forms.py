"""Forms of draws, of volunteers and among the members."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from assembly.files.fields import UploadField
from assembly.identity.fields import PeopleField
from assembly.identity.models import Person
from assembly.identity.names import PersonNameField
from assembly.institution.models import Committee, Term
from assembly.text.numbers import NumberField, WholeNumberField
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box, with_current
from assembly.workflow import StepForm
from draws.draws.models import require_row
from draws.draws.queries.draw import has_parity, holders, may_be_drawn, quota_lines
from draws.models import CallOutcome, Draw
from members.forms import late_reason
from members.sortition.instance import QuotaLine

BALLS, DICE = 4, 20
CSV_SIZE = 512 * 1024


class DrawSettingsForm(StepForm):
    takes_place_at = forms.DateTimeField(
        label=gettext_lazy("Date et heure du tirage"),
        required=False,
        help_text=gettext_lazy("Publiées avec l’annonce, au moins quelques jours avant."),
    )
    place = forms.CharField(label=gettext_lazy("Lieu"), max_length=160, required=False, validators=[check_text])
    contest_days = WholeNumberField(
        label=gettext_lazy("Jours pour contester la liste figée"),
        min_value=0,
        max_value=60,
        help_text=gettext_lazy("Chaque volontaire vérifie ce que la liste dit de sa candidature."),
    )
    alternates = WholeNumberField(
        label=gettext_lazy("Suppléantes et suppléants prévenus, par case"), min_value=0, max_value=20
    )
    ceiling = NumberField(
        label=gettext_lazy("Plafond des chances, en pour cent"),
        required=False,
        min_value=Decimal(5),
        max_value=Decimal(100),
        decimal_places=0,
        help_text=gettext_lazy("Vide : aucun plafond. Avec 50, personne n’a plus d’une chance sur deux."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row: Draw = kwargs["row"]
        names = ("takes_place_at", "place", "contest_days", "alternates")
        initial = {name: getattr(row, name) for name in names}
        ceiling = {"ceiling": int(row.ceiling * 100) if row.ceiling else None}
        super().__init__(*args, initial=initial | ceiling, **kwargs)

    def clean_ceiling(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["ceiling"]
        return value / 100 if value else None


class QuotaForm(StyledForm):
    """Form for the bounds of every line, the seats, the decision. `seen`: the version that was read."""

    seats = WholeNumberField(label=gettext_lazy("Sièges à pourvoir"), min_value=1, max_value=2000)
    decision = text_box(
        gettext_lazy("Décision"),
        2000,
        3,
        gettext_lazy("Pourquoi ces quotas, et qui l’a décidé. Ces mots entrent dans le procès-verbal."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, draw: Draw, lines: Sequence[QuotaLine]) -> None:
        version = draw.quotas
        initial = {"seats": version.seats if version else None, "seen": version.number if version else 0}
        super().__init__(data, initial=initial)
        self.lines = lines
        for number, line in enumerate(lines):
            self.fields[f"min-{number}"] = WholeNumberField(min_value=0, max_value=2000, initial=line.minimum)
            self.fields[f"max-{number}"] = WholeNumberField(min_value=0, max_value=2000, initial=line.maximum)

    def quota_lines(self) -> list[QuotaLine]:
        data = self.cleaned_data
        return [
            QuotaLine(line.feature, line.value, data[f"min-{number}"], data[f"max-{number}"])
            for number, line in enumerate(self.lines)
        ]


class QuotaFileForm(StyledForm):
    file = UploadField(
        label=gettext_lazy("Fichier des quotas (CSV)"),
        kinds=("csv",),
        max_size=CSV_SIZE,
        help_text=gettext_lazy("Quatre colonnes : critère, valeur, minimum, maximum."),
    )
    seats = WholeNumberField(label=gettext_lazy("Sièges à pourvoir"), min_value=1, max_value=2000)
    decision = text_box(gettext_lazy("Décision"), 2000, 3, gettext_lazy("Pourquoi ces quotas, et qui l’a décidé."))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RemedyForm(StyledForm):
    decision = text_box(
        gettext_lazy("Décision"),
        2000,
        3,
        gettext_lazy("Qui l’a prise, et pourquoi. Elle entre dans le procès-verbal."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DigitsForm(StepForm):
    """Form for the balls and dice as one person reads them: spaces, dots and dashes between digits do not count."""

    balls = forms.CharField(
        label=gettext_lazy("Les quatre boules, dans l’ordre"),
        max_length=20,
        help_text=gettext_lazy("Quatre chiffres de 0 à 9 : 4 1 7 2, par exemple."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    dice = forms.CharField(
        label=gettext_lazy("Les vingt dés, dans l’ordre"),
        max_length=60,
        help_text=gettext_lazy("Vingt chiffres de 1 à 6. Ils classent les suppléantes et suppléants."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_balls(self) -> str:
        return "-".join(self._digits("balls", BALLS, "0123456789"))

    def clean_dice(self) -> str:
        return ".".join(self._digits("dice", DICE, "123456"))

    def _digits(self, name: str, count: int, known: str) -> str:
        digits = re.sub(r"[\s.\-,;]", "", self.cleaned_data[name])
        params = {"n": count, "first": known[0], "last": known[-1], "seen": len(digits)}
        if len(digits) != count:
            message = _("Écrivez %(n)s chiffres, de %(first)s à %(last)s : vous en avez écrit %(seen)s.")
            raise ValidationError(message % params, code=name)
        if set(digits) - set(known):
            raise ValidationError(_("Chaque chiffre va de %(first)s à %(last)s.") % params, code=name)
        return digits


class IncidentForm(StepForm):
    text = text_box(
        gettext_lazy("Que s’est-il passé ?"), 1000, 3, gettext_lazy("Imprimé dans le procès-verbal, avec l’heure.")
    )


class AttendeesForm(StepForm):
    attendees = text_box(
        gettext_lazy("Personnes présentes"),
        2000,
        8,
        gettext_lazy("Une par ligne : prénom et nom, qualité. Elles signent le procès-verbal."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"attendees": kwargs["row"].attendees}, **kwargs)


class CertifyForm(StepForm):
    name = PersonNameField(label=gettext_lazy("Votre nom"), max_length=120, validators=[check_text])
    office = forms.CharField(label=gettext_lazy("Votre étude"), max_length=160, validators=[check_text])
    reference = forms.CharField(
        label=gettext_lazy("Référence de votre constat"), max_length=80, required=False, validators=[check_text]
    )
    file = UploadField(label=gettext_lazy("Votre constat (PDF)"), kinds=("pdf",), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": kwargs["user"].get_full_name()}, **kwargs)


class DeadlineForm(StepForm):
    answer_deadline = forms.DateField(
        label=gettext_lazy("Réponse attendue avant le"),
        required=False,
        help_text=gettext_lazy("La mission appelle chaque personne. Après ce jour, le siège va à la suppléance."),
    )


class ReplacementForm(DeadlineForm):
    """Form for a replacement: in the last months of the term, the lead gives a reason as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(late_reason(self.row.call.term, self.user))


class ConfirmationForm(StyledForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Issue de l’appel"),
        choices=[(value, capfirst(label)) for value, label in CallOutcome.choices],
        widget=forms.RadioSelect,
    )
    call_again_on = forms.DateField(
        label=gettext_lazy("Rappeler le"),
        required=False,
        help_text=gettext_lazy("Obligatoire si la personne demande qu’on rappelle. Rien ne part tout seul."),
    )


class ContestForm(StyledForm):
    text = text_box(gettext_lazy("Qu’est-ce qui est faux ?"), 1000, 4)


class ContestationAnswerForm(StyledForm):
    answer = text_box(
        gettext_lazy("Votre réponse"),
        1000,
        4,
        gettext_lazy("La personne la lit sur sa page. Pour corriger la liste, dégelez-la ensuite."),
    )


PARITY, ANYBODY = "parite", "tous"


class FunctionFields(forms.Form):
    """Fields of an internal draw: function, places, rule, where and when, and the committees that may be chosen."""

    title = forms.CharField(
        label=gettext_lazy("Fonction à tirer au sort"),
        max_length=160,
        validators=[check_text, RegexValidator(r"[^\W_]", gettext_lazy("Écrivez au moins un mot."))],
        help_text=gettext_lazy("Elle devient publique avec l’annonce. Exemple : « Comité de suivi, 2026 »."),
    )
    seats = WholeNumberField(label=gettext_lazy("Places"), min_value=1, max_value=200)
    rule = forms.ChoiceField(
        label=gettext_lazy("Règle"),
        choices=[
            (PARITY, gettext_lazy("Autant de femmes que d’hommes ; à une personne près si le nombre est impair")),
            (ANYBODY, gettext_lazy("Sans condition : la même chance pour chaque membre")),
        ],
        widget=forms.RadioSelect,
    )
    drawn_among = forms.ModelChoiceField(
        Committee.objects.none(),
        label=gettext_lazy("Tirer parmi"),
        required=False,
        empty_label=gettext_lazy("Tous les membres en exercice"),
    )
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label=gettext_lazy("Les personnes tirées siègent dans"),
        required=False,
        empty_label=gettext_lazy("Aucune commission"),
        help_text=gettext_lazy("Elles y entrent quand les noms sont publiés."),
    )
    takes_place_at = forms.DateTimeField(label=gettext_lazy("Date et heure du tirage"), required=False)
    place = forms.CharField(label=gettext_lazy("Lieu"), max_length=160, required=False, validators=[check_text])

    def offer(self, term: Term) -> None:
        """Offer the open committees of the term."""
        for name in ("drawn_among", "committee"):
            field = self.fields[name]
            field.queryset = with_current(Committee.objects.filter(term=term, closed_on=None), self.initial.get(name))  # type: ignore[attr-defined]  # -- ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Replace the rule by `is_parity`, as the actions take it."""
        data = super().clean() or self.cleaned_data
        if "rule" in data:
            data["is_parity"] = data.pop("rule") == PARITY
        return data


class InternalDrawForm(StyledForm, FunctionFields):
    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, initial={"rule": PARITY}, **kwargs)
        self.offer(term)


class DescribeForm(StepForm, FunctionFields):
    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        rule = PARITY if has_parity(quota_lines(row)) else ANYBODY
        known = {name: getattr(row, name) for name in ("title", "takes_place_at", "place", "drawn_among", "committee")}
        initial = known | {"rule": rule, "seats": require_row(row.quotas).seats}
        super().__init__(*args, row=row, initial=initial, **kwargs)
        self.offer(row.term)


class ListForm(StepForm):
    without = PeopleField(
        label=gettext_lazy("Qui ne participe pas au tirage"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Par exemple qui ne le souhaite pas, ou tient déjà une autre fonction."),
    )

    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        listed = may_be_drawn(row.term_id, row.drawn_among_id).order_by().values("member__person")
        people: Any = self.fields["without"]
        people.queryset = Person.objects.filter(pk__in=listed).order_by("sort_name", "pk")


class RefusalForm(StepForm):
    pseudonym = forms.ChoiceField(label=gettext_lazy("Qui renonce ?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Draw, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        current_holders = holders(row)
        field: Any = self.fields["pseudonym"]
        field.choices = [
            (one.pseudonym, one.mandate.member.person.full_name)
            for one in (current_holders.people if current_holders else ())
        ]
