"""Retention period of the marks of documents read."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import delete_row, retention
from consultations.models import BriefingReadMark


def old_read_marks(now: datetime) -> QuerySet[BriefingReadMark]:
    """Return the marks that are older than a year, which is longer than any referral is read."""
    return BriefingReadMark.objects.filter(read_at__lt=now - timedelta(days=365))


retention("consultations.read_marks", _("Documents marqués comme lus"), find=old_read_marks, apply=delete_row)
