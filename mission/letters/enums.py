from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class LetterState(States):
    DRAFT = "draft", State("in_progress"), _("en préparation")
    SENT = "sent", State("done"), _("envoyée")
