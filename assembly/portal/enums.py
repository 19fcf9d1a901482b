from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class BackupState(States):
    ASKED = "asked", State("waiting", tags={"under_way"}), _("demandée")
    MAKING = "making", State("waiting", tags={"under_way"}), _("en cours")
    MADE = "made", State("done", tags={"ended", "complete"}), _("faite")
    FAILED = "failed", State("late", tags={"ended"}), _("échouée")
    PRUNED = "pruned", State("closed", tags={"ended", "complete"}), _("effacée")
