"""Permission for the state of the service and for backups; backups, for the screens and the journal."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.audit.registry import Key, NamedSubject
from assembly.institution.models import Role, RoleAssignment
from assembly.institution.rules import assembly_ids, has_role
from assembly.portal import health
from assembly.portal.models import Backup, BackupState
from assembly.text.french import format_date

SERVICE = [Role.LEAD, Role.ADMIN]


def can_run_service(user: Any) -> bool:
    """Return whether the user may read the state of the service, retry its failed jobs and request a backup."""
    return has_role(user, SERVICE)


SHOWN = 20  # the journal has them all


def backup_under_way() -> Backup | None:
    return Backup.objects.filter(state__in=BackupState.tagged("under_way")).first()


def latest_backups(reader: Any) -> QuerySet[Backup]:
    """Return the newest backups of anybody: each is of the whole installation.

    `is_ours`: the reader may see the name of the person who requested it.
    """
    colleagues = RoleAssignment.objects.filter(
        user=OuterRef("asked_by"), assembly_id__in=assembly_ids(reader, SERVICE)
    )
    rows = Backup.objects.select_related("asked_by__person").annotate(is_ours=Exists(colleagues))
    return rows.order_by("-pk")[:SHOWN]


def last_good_backup() -> datetime | None:
    """Return when a backup last succeeded, the nightly one or one from the screen."""
    finished = Backup.objects.filter(state=BackupState.MADE).order_by("-ended_at").values_list("ended_at", flat=True)
    known = [moment for moment in (finished.first(), health.last_backup()) if moment]
    return max(known, default=None)


def backup_names(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of backups in the journal."""
    if "portal.Backup" not in keys_by_label or not can_run_service(reader):
        return {}
    address = reverse("portal:backups")
    return {
        ("portal.Backup", str(row.pk)): NamedSubject(
            _("Sauvegarde"), format_date(row.asked_at, weekday=False), url=address
        )
        for row in Backup.objects.filter(pk__in=keys_by_label["portal.Backup"])
    }
