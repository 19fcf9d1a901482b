"""Forms of the private thread and of the scoping note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.ui.forms import StyledForm
from assembly.ui.printable import check_text
from consultations.queries.thread import MentionablePerson


class MessageForm(StyledForm):
    """A message; those named are told by « @Prénom Nom », or by their box for who prefers boxes."""

    body = forms.CharField(
        label=_("Votre message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[check_text],
        help_text=_(
            "Lu par la mission et les directions de cette saisine seulement. Écrivez @ puis un nom pour prévenir."
        ),
    )
    mentions = forms.TypedMultipleChoiceField(
        label=_("Prévenir"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, readers: list[MentionablePerson], is_private: bool = False, **kwargs: Any) -> None:
        if is_private:
            kwargs["auto_id"] = "inside_%s"  # it stands on the page of the other thread
        super().__init__(*args, **kwargs)
        if is_private:
            self.fields["body"].label = _("Message interne")
            self.fields["body"].help_text = _(
                "Lu par votre direction et les lecteurs en copie seulement. Écrivez @ puis un nom pour prévenir."
            )
        self.readers = readers
        names = [(reader.pk, f"{reader.name}, {reader.place or _('mission')}") for reader in readers]
        self.fields["mentions"].choices = names  # type: ignore[attr-defined]  # -- a choice field
