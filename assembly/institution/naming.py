"""Names in the journal of accounts, committees and terms; accounts and terms only for the leads of their assembly."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.audit.registry import Key, NamedSubject
from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment, Term
from assembly.institution.queries import visible_committees
from assembly.institution.rules import assembly_ids


def accounts_led_by(reader: Any) -> QuerySet[User]:
    user_ids = RoleAssignment.objects.filter(assembly_id__in=assembly_ids(reader, Role.LEAD)).values("user")
    return User.objects.filter(pk__in=user_ids, person__anonymised_at=None).select_related("person")


def terms_led_by(reader: Any) -> QuerySet[Term]:
    return Term.objects.filter(assembly_id__in=assembly_ids(reader, Role.LEAD))


def named_people_and_places(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of these objects with one statement for each of the three kinds that occurs."""
    kinds: dict[str, tuple[Any, Any, str]] = {
        "identity.User": (accounts_led_by, _("Accès"), "institution:person"),
        "institution.Committee": (visible_committees, _("Comité"), "institution:committee"),
        "institution.Term": (terms_led_by, _("Mandature"), "institution:term"),
    }
    names = {}
    for label, (seen, kind, page) in kinds.items():
        for row in seen(reader).filter(pk__in=keys_by_label[label]) if label in keys_by_label else ():
            title = row.person.full_name if isinstance(row, User) else row.name
            names[label, str(row.pk)] = NamedSubject(kind, title, url=reverse(page, args=[row.pk]))
    return names
