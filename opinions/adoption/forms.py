"""Forms of minority positions. They clean the input; the actions write it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.identity.fields import PersonField
from assembly.identity.models import User
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box
from sessions.sittings.enums import Via


class PositionForm(StyledForm):
    """Form for the title and the text of a position."""

    fields_by_code = {"length": "body", "names": "body"}
    title = forms.CharField(label=_("Titre"), max_length=200, validators=[check_text])
    body = text_box(
        _("Votre position"),
        6000,
        10,
        _("Ce que vous auriez voulu, et pourquoi. Parlez des idées, pas des personnes."),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "body")}


class RecordPositionForm(PositionForm):
    """Form for a position that the team keys in for a member."""

    author = PersonField(label=_("De qui ?"), queryset=User.objects.none(), empty_label=_("Choisir un membre"))
    via = forms.ChoiceField(
        label=_("Comment nous est-elle parvenue ?"),
        choices=[(Via.PAPER.value, _("sur papier")), (Via.PHONE.value, _("par téléphone"))],
        widget=forms.RadioSelect,
    )
    field_order = ["author", "via", "title", "body"]

    def __init__(self, *args: Any, members: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["author"].queryset = members  # type: ignore[attr-defined]  # -- a model choice field
        self.fields["body"].label = _("Le texte")
        self.fields["body"].help_text = _("Gardez les mots du membre.")
