"""Contributions of accounts: names of people in the journal, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events, add_name_resolver
from assembly.identity.queries import names_of

add_name_resolver(names_of)
add_audit_events(
    {
        "account.created": _("a ouvert l’accès"),
        "account.signed_in": _("s’est connecté·e"),
        "account.signed_out": _("s’est déconnecté·e"),
        "account.signed_out_everywhere": _("a fermé toutes ses sessions"),
        "account.confirmed": _("a confirmé son identité"),
        "account.password_changed": _("a changé son mot de passe"),
        "account.proof_added": _("a ajouté une preuve d’identité"),
        "account.proof_removed": _("a retiré une preuve d’identité"),
        "account.recovery_codes_renewed": _("a renouvelé ses codes de secours"),
        "account.address_changed": _("a changé l’adresse de connexion"),
        "account.suspended": _("a suspendu l’accès"),
        "erasure.asked": _("a demandé l’effacement de ses données"),
        "personal_data.exported": _("a emporté ses données"),
        "account.reactivated": _("a rétabli l’accès"),
    }
)
