"""Forms of the private thread and of the scoping note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.ui.forms import StyledForm, text_box
from assembly.ui.printable import check_text
from consultations.models import DirectorateReview
from consultations.queries.reviews import CRITERIA
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


class CommentForm(StyledForm):
    """A comment on a passage of an answer. A script fills in the first two from what was selected."""

    field = forms.ChoiceField(
        label=_("Sur quelle question ?"), choices=[(text, label) for label, _c, text, _k in CRITERIA]
    )
    quote = text_box(_("Passage"), 1000, 2, _("Sélectionnez-le dans la contribution, ou copiez-le ici."))
    body = text_box(_("Votre commentaire"), 4000, 3, _("Lu par votre direction et les lecteurs en copie seulement."))

    def __init__(self, *args: Any, review: DirectorateReview, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="comment_%s", **kwargs)
        self.review = review

    def clean(self) -> dict[str, Any]:
        """The passage stands in the answer, wherever its lines were cut."""
        data = super().clean() or {}
        quote, name = data.get("quote"), data.get("field")
        if quote and name and " ".join(quote.split()) not in " ".join(getattr(self.review, name).split()):
            self.add_error("quote", _("Ce passage n’est pas dans la réponse à cette question."))
        return data
