"""The filter of the mailbox, and the form of preferences."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.web.forms import ListFilter, StyledForm


class RecipientFilter(ListFilter):
    """Filter by a name or an address, in the mailbox of a developer's machine."""

    a = forms.CharField(label=_("Destinataire ou objet"), required=False, max_length=100)


class PreferenceForm(StyledForm):
    """Form for the one choice: optional mail, or notices on the site."""

    optional_mail = forms.BooleanField(
        label=_("Recevoir aussi les nouvelles et les rappels par courriel"),
        required=False,
        help_text=_("Les convocations, comptes rendus et documents officiels arrivent toujours."),
    )
