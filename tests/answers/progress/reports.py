"""Progress reports on stage: begun, ready for their seal, published."""

from datetime import timedelta

from django.utils import timezone

from answers.models import ProgressReport
from answers.progress import actions
from answers.progress.queries import report_content
from tests.answers.stage import followed_by

INTRODUCTION = "Six mois après les premières réponses, trois mesures avancent.\n\nUne est retardée."


def report_period(people):
    """Return the data of the form that begins a report."""
    followed_by(people)
    return {"ends_on": tomorrow().isoformat()}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def begun_report(people, **facts):
    """Make the draft of the term with content; if none was published before, its period is over."""
    rows, today = ProgressReport.objects.filter(term=people.term), timezone.localdate()
    if waiting := rows.filter(published_at=None).first():
        return waiting
    followed_by(people, opened_on=today - timedelta(days=190))
    number, starts_on = rows.count() + 1, today - timedelta(days=190)
    told = {"starts_on": starts_on, "ends_on": today - timedelta(days=1)}
    if last := rows.order_by("-number").first():
        told = {"starts_on": last.ends_on + timedelta(days=1), "ends_on": last.ends_on + timedelta(days=2)}
    reference = f"{people.term.code}-BILAN-{number:02}"
    return ProgressReport.objects.create(term=people.term, number=number, reference=reference, **told | facts)


def ready_report(people, **facts):
    report = begun_report(people, **facts)
    report.introduction = INTRODUCTION
    report.save()
    return report


def published_report(people):
    """Make a published report in the database, without its file."""
    report = ready_report(people)
    report.content, report.noted_at = report_content(report), timezone.now()
    report.published_at = report.noted_at
    report.save()
    return report


def none_waits(people):
    """Publish the draft of the term if there is one, so that the next one may begin."""
    if ProgressReport.objects.filter(term=people.term, published_at=None).exists():
        published_report(people)
    return {}


def sealed_report(report, people, work):
    """Request the seal as the lead and render it as a worker."""
    job = actions.seal(report, version=report.version, by=people["lead"])
    work()
    job.refresh_from_db()
    report.refresh_from_db()
    return job
