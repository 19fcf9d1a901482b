"""Forms of those who read the answers: a rating, an address to write to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answers.voice.models import LEAST, MOST
from assembly.text.printable import check_text
from assembly.web.forms import StyledForm

MARKS = {1: _("pas du tout"), 2: _("plutôt pas"), 3: _("moyennement"), 4: _("plutôt oui"), 5: _("tout à fait")}


def mark_field(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=[(mark, f"{mark} – {MARKS[mark]}") for mark in range(LEAST, MOST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
    )


class RatingForm(StyledForm):
    """Form for both marks at once: an answer may be clear and still miss the proposal."""

    clarity = mark_field(
        _("Cette réponse est-elle claire ?"),
        _("Chacun comprend ce que le Département fera, ou pourquoi il ne le fera pas."),
    )
    fidelity = mark_field(
        _("Répond-elle à ce que nous avons proposé ?"), _("Elle parle de notre proposition, et pas d’autre chose.")
    )


class FollowForm(StyledForm):
    """Form for the address to write to, which receives a single message until it is confirmed."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        validators=[check_text],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
