"""Celery application. The beat schedule names tasks by string; each task claims its own slot (assembly.jobs)."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, worker_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings")

MIDNIGHT_CHORES = crontab(hour=2, minute=15)

TRANSPORT_ALIASES["redis"] = "assembly.jobs.broker:JsonTransport"  # for redis:// and redis+socket://
app = Celery("assembly")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "beat": {"task": "assembly.jobs.tasks.tick", "schedule": 60.0},
    "table-changes": {"task": "assembly.fragments.tasks.sum_up_changes", "schedule": 60.0},
    "idempotency-keys": {"task": "assembly.jobs.tasks.delete_idempotency_keys", "schedule": 3600.0},
    "mail": {"task": "assembly.notifications.tasks.sweep", "schedule": 10.0},
    "documents": {"task": "assembly.documents.tasks.sweep", "schedule": 60.0},
    "timestamps": {"task": "assembly.documents.tasks.complete_timestamps", "schedule": 3600.0},
    "register": {"task": "assembly.documents.tasks.seal_register", "schedule": MIDNIGHT_CHORES},
    "blobs": {"task": "assembly.documents.tasks.check_blobs", "schedule": MIDNIGHT_CHORES},
    "retention": {"task": "assembly.identity.tasks.apply_retention", "schedule": MIDNIGHT_CHORES},
    "journal-head": {"task": "assembly.audit.tasks.publish_journal_head", "schedule": 600.0},
    "journal": {"task": "assembly.portal.tasks.verify_journal", "schedule": MIDNIGHT_CHORES},
    "backups": {"task": "assembly.portal.tasks.sweep_backups", "schedule": 60.0},
    "search": {"task": "assembly.search.tasks.sweep", "schedule": 10.0},
    "search-refresh": {"task": "assembly.search.tasks.refresh", "schedule": MIDNIGHT_CHORES},
    "texts": {"task": "assembly.collab.tasks.run_upkeep", "schedule": 30.0},
    "texts-mail": {"task": "assembly.collab.tasks.morning", "schedule": 300.0},
    "desk": {"task": "consultations.tasks.morning", "schedule": 300.0},
    "briefing": {"task": "consultations.tasks.open_packs", "schedule": 60.0},
    "opinions": {"task": "opinions.tasks.move_windows", "schedule": 60.0},
    "amendments": {"task": "opinions.tasks.morning", "schedule": 300.0},
    "answers": {"task": "answers.tasks.note_reminders", "schedule": 300.0},
    "followers": {"task": "answers.tasks.send_proposal_news", "schedule": 60.0},
    "saved-views": {"task": "assembly.saved_views.tasks.send_weekly_views", "schedule": 3600.0},
    "mission-mails": {"task": "mission.tasks.send_weekly_mails", "schedule": 3600.0},
    "indicators": {"task": "mission.tasks.count_indicators", "schedule": MIDNIGHT_CHORES},
    "open-data": {"task": "assembly.open_data.tasks.make_archive", "schedule": crontab(hour=3, minute=5)},
    "ratings": {"task": "answers.tasks.count_ratings", "schedule": MIDNIGHT_CHORES},
    "text-imports": {"task": "opinions.tasks.leave_old_imports", "schedule": 3600.0},
    "member-imports": {"task": "members.tasks.erase_imports", "schedule": 600.0},
    "watch": {"task": "mission.tasks.fetch_feeds", "schedule": 300.0},
    "profiles": {"task": "draws.tasks.publish_profiles", "schedule": MIDNIGHT_CHORES},
    "draws-going": {"task": "draws.tasks.take_up_computations", "schedule": 30.0},
    "member-imports-going": {"task": "members.tasks.take_up_imports", "schedule": 30.0},
}
app.conf.beat_schedule_filename = os.environ.get("CELERY_BEAT_SCHEDULE", "celerybeat-schedule")


@setup_logging.connect
def log_as_django_does(**_: object) -> None:
    """Do nothing: a receiver of this signal is what makes Celery leave the settings' LOGGING alone."""


@worker_init.connect
@beat_init.connect
def refuse_wrong_settings(**_: object) -> None:
    """Exit on wrong settings: Celery logs what a receiver raises and goes on, except SystemExit."""
    from assembly.config import start  # noqa: PLC0415 -- settings come first

    start.refuse_wrong_settings()
