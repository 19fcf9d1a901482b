"""Forms of the thread messages and of the comments on an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.text.printable import check_text
from assembly.web.forms import StyledForm, text_box
from consultations.models import DirectorateReview
from consultations.queries.thread import MentionablePerson
from consultations.reviews.queries import CRITERIA


class MessageForm(StyledForm):
    """Form for a message; « @Prénom Nom », or a ticked box for whoever prefers boxes, notifies a reader."""

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
            kwargs["auto_id"] = "inside_%s"  # both threads may be on one page
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
    """Form for a comment on a passage of an answer; a script fills in the first two fields from the selection."""

    field = forms.ChoiceField(
        label=_("Sur quelle question ?"), choices=[(text, label) for label, _c, text, _k in CRITERIA]
    )
    quote = text_box(_("Passage"), 1000, 2, _("Sélectionnez-le dans la contribution, ou copiez-le ici."))
    body = text_box(_("Votre commentaire"), 4000, 3, _("Lu par votre direction et les lecteurs en copie seulement."))

    def __init__(self, *args: Any, review: DirectorateReview, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="comment_%s", **kwargs)
        self.review = review

    def clean(self) -> dict[str, Any]:
        """Check that the passage is in the answer, whatever its line breaks."""
        data = super().clean() or {}
        quote, name = data.get("quote"), data.get("field")
        if quote and name and " ".join(quote.split()) not in " ".join(getattr(self.review, name).split()):
            self.add_error("quote", _("Ce passage n’est pas dans la réponse à cette question."))
        return data
