"""French words and shapes of the institution's states and steps."""

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TermState as S

TERM_SHAPES = {
    S.PLANNED: "todo",
    S.RECRUITING: "doing",
    S.DRAWN: "doing",
    S.INSTALLED: "doing",
    S.ACTIVE: "doing",
    S.CLOSING: "wait",
    S.CLOSED: "done",
    S.ARCHIVED: "shut",
}
STEP_LABELS = {
    "recruit": _("Ouvrir l’appel à candidatures"),
    "draw": _("Noter le tirage au sort"),
    "install": _("Installer la mandature"),
    "start": _("Commencer les travaux"),
    "wind_down": _("Commencer la clôture"),
    "close": _("Clore la mandature"),
    "archive": _("Archiver"),
    "reopen": _("Rouvrir"),
}
