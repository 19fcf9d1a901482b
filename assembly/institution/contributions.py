"""Contributions of the institution: areas, menu, rules and people that the packages below ask for, audit events.

Also the erasure of roles, and the retention of the addresses of invitations.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from assembly.audit.registry import Key, NamedSubject, add_audit_events, add_locator, add_namer
from assembly.dossiers.frame import add_people_finder
from assembly.identity.models import User
from assembly.identity.personal_data import at_erasure, retention
from assembly.identity.second_factor import add_second_factor_rule
from assembly.identity.sending import add_signatory
from assembly.institution.actions.roles import leave
from assembly.institution.commands import add_command
from assembly.institution.lists import ACCOUNTS, DIRECTORATES
from assembly.institution.menu import MenuHeading, add_desk_line, anywhere, may_enter, open_area
from assembly.institution.models import TEAM_ROLES, Invitation, Role, RoleAssignment, Term
from assembly.institution.queries import main_assembly, people_who_may, scope_of, visible_committees
from assembly.institution.rules import (
    assembly_ids,
    can_administer_term,
    can_answer_erasure,
    can_read_journal,
    can_see_territory,
    is_team,
    role_needs_second_factor,
)
from assembly.lists import add_list
from assembly.web.widgets import Widget, add_widget


def whole_history(user: Any, subject: Model) -> Widget | None:
    """Return the link to the whole history of an object, for a reader whose area has that page."""
    url = reverse("institution:history", args=[subject._meta.label, subject.pk])
    return Widget("institution/_history_link.html", {"url": url}) if may_enter(user, url) else None


def accounts_led_by(reader: Any) -> QuerySet[User]:
    user_ids = RoleAssignment.objects.filter(assembly_id__in=assembly_ids(reader, Role.LEAD)).values("user")
    return User.objects.filter(pk__in=user_ids, person__anonymised_at=None).select_related("person")


def terms_led_by(reader: Any) -> QuerySet[Term]:
    return Term.objects.filter(assembly_id__in=assembly_ids(reader, Role.LEAD))


def named_people_and_places(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of these objects with one statement for each of the three kinds that occurs."""
    kinds: dict[str, tuple[Any, Any, str]] = {
        "identity.User": (accounts_led_by, gettext("Accès"), "institution:person"),
        "institution.Committee": (visible_committees, gettext("Comité"), "institution:committee"),
        "institution.Term": (terms_led_by, gettext("Mandature"), "institution:term"),
    }
    names = {}
    for label, (seen, kind, page) in kinds.items():
        for row in seen(reader).filter(pk__in=keys_by_label[label]) if label in keys_by_label else ():
            title = row.person.full_name if isinstance(row, User) else row.name
            names[label, str(row.pk)] = NamedSubject(kind, title, url=reverse(page, args=[row.pk]))
    return names


open_area(r"/bureau/historique/", TEAM_ROLES | {Role.DPO, Role.ADMIN})
add_second_factor_rule(role_needs_second_factor)
add_signatory(main_assembly)
add_people_finder(people_who_may)
add_locator(scope_of)
add_desk_line(MenuHeading.PEOPLE, _("Groupes et comités"), "institution:committees", can_see_territory, 24)
add_desk_line(MenuHeading.PEOPLE, _("Cantons"), "institution:cantons", can_see_territory, 26)
for order, label, url_name, can_open in (
    (80, _("Équipe et rôles"), "institution:people", can_administer_term),
    (82, _("Directions"), "institution:directorates", can_administer_term),
    (84, _("Mandatures"), "institution:terms", can_administer_term),
    (86, _("Réglages de l’assemblée"), "institution:settings", can_administer_term),
    (88, _("Données personnelles"), "institution:erasures", anywhere(can_answer_erasure)),
    (90, _("Journal"), "institution:journal", anywhere(can_read_journal)),
):
    add_desk_line(MenuHeading.SETTINGS, label, url_name, can_open, order)
add_command(
    _("Créer un groupe ou un comité"), "institution:committee-create", is_team, _("commission ajouter nouveau")
)
add_namer(named_people_and_places)
add_audit_events(
    {
        "assembly.created": _("a créé l’assemblée"),
        "settings.changed": _("a changé un réglage"),
        "settings.mail_tested": _("a envoyé un courriel d’essai"),
        "term.created": _("a créé la mandature"),
        "role.given": _("a donné un rôle"),
        "role.ended": _("a retiré un rôle"),
        "invitation.sent": _("a invité une personne"),
        "invitation.accepted": _("a accepté l’invitation"),
        "invitation.revoked": _("a retiré l’invitation"),
        "files.handed_over": _("a passé ses dossiers à une autre personne"),
        "committee.created": _("a créé le comité"),
        "committee.changed": _("a modifié le comité"),
        "committee.closed": _("a clos le comité"),
        "membership.started": _("a fait entrer une personne au comité"),
        "membership.ended": _("a mis fin à une participation au comité"),
        "canton.created": _("a ajouté le canton"),
        "canton.changed": _("a modifié le canton"),
        "directorate.created": _("a créé la direction"),
        "directorate.renamed": _("a renommé la direction"),
        "directorate.closed": _("a clos la direction"),
    }
)
add_widget("history", whole_history)
add_list(ACCOUNTS)
add_list(DIRECTORATES)

INVITATION_RETENTION = timedelta(days=365)


def end_roles(person: Any, by: Any) -> None:
    """End the roles and revoke the pending invitations."""
    leave(person, by=by)


def old_invitations(now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that expired a year ago and still have an address."""
    return Invitation.objects.filter(expires_at__lt=now - INVITATION_RETENTION).exclude(email="")


def erase_address(invitation: Any) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(email="")


at_erasure("institution.roles", end_roles)
retention("institution.invitations", _("Adresses d’invitations anciennes"), find=old_invitations, apply=erase_address)
