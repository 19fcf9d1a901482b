"""Progress reports on stage: begun, ready for their seal, published."""

from datetime import timedelta

from django.utils import timezone

from answers.actions import progress as actions
from answers.models import ProgressReport
from answers.queries.progress import report_content
from tests.answers.stage import followed_by

INTRODUCTION = "Six mois après les premières réponses, trois mesures avancent.\n\nUne est retardée."


def report_period(people):
    """What the form that begins one takes."""
    followed_by(people)
    return {"ends_on": tomorrow().isoformat()}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def begun_report(people, **facts):
    """A draft of the term, with something to tell: its period is over."""
    today = timezone.localdate()
    followed_by(people, opened_on=today - timedelta(days=190))
    told = {"starts_on": today - timedelta(days=190), "ends_on": today - timedelta(days=1)} | facts
    reference = f"{people.term.code}-BILAN-01"
    return ProgressReport.objects.create(term=people.term, number=1, reference=reference, **told)


def ready_report(people, **facts):
    return begun_report(people, introduction=INTRODUCTION, **facts)


def published_report(people):
    """As the database has it; without its file."""
    report = ready_report(people)
    report.content, report.noted_at = report_content(report), timezone.now()
    report.published_at = report.noted_at
    report.save()
    return report


def sealed_report(report, people, work):
    """Asked for by the lead and made by a worker."""
    job = actions.seal(report, version=report.version, by=people["lead"])
    work()
    job.refresh_from_db()
    report.refresh_from_db()
    return job
