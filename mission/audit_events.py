"""Event types of the journal that belong to no step and no register."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events

add_audit_events(
    {
        "indicator.entered": _("a saisi la valeur d’un indicateur"),
        "indicator_sheet.created": _("a fait une fiche d’indicateurs"),
        "indicator_sheet.sealing_asked": _("a demandé le cachet d’une fiche d’indicateurs"),
    }
)
