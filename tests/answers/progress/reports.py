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
    """The draft of the term, with something to tell; where none was published before, its period is over."""
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
    """As the database has it; without its file."""
    report = ready_report(people)
    report.content, report.noted_at = report_content(report), timezone.now()
    report.published_at = report.noted_at
    report.save()
    return report


def none_waits(people):
    """No draft of the term: the next one may begin."""
    if ProgressReport.objects.filter(term=people.term, published_at=None).exists():
        published_report(people)
    return {}


def sealed_report(report, people, work):
    """Asked for by the lead and made by a worker."""
    job = actions.seal(report, version=report.version, by=people["lead"])
    work()
    job.refresh_from_db()
    report.refresh_from_db()
    return job
