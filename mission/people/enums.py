from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class PostState(States):
    ACTIVE = "active", State("done"), _("dans l’équipe")
    LEFT = "left", State("closed"), _("a quitté l’équipe")
