"""Progress reports: who writes and seals them, their period, their content, what anybody reads."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateField, Exists, Func, JSONField, Max, Min, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, JSONObject, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.cases.models import answering, in_terms
from answers.cases.queries import published_of, scoreboard
from answers.follow_up.queries import FollowUpSummary, MilestoneSummary, follow_up_summaries, update_links
from answers.models import Answer, AnswerCase, AnswerValue, FollowUp, FollowUpState, ProgressReport, ProgressUpdate
from assembly.documents.models import Document
from assembly.identity.personal_data import months_later
from assembly.institution.models import Term
from assembly.institution.queries import main_assembly_key
from assembly.institution.rules import is_lead, is_team
from assembly.speed.queries import CompiledQuery, ScreenQuerySet
from assembly.text.french import format_date, local_day
from opinions.models import Opinion
from opinions.papers.queries import registered_reference

MONTHS, MOST = 6, 12


def can_write_report(user: Any, term: Term | int) -> bool:
    return is_team(user, term)


def can_seal_report(user: Any, report: ProgressReport) -> bool:
    return is_lead(user, report.term_id)


def proposed_end(starts_on: date) -> date:
    """Return the last day of the six months that begin then."""
    return months_later(starts_on, MONTHS) - timedelta(days=1)


def last_end(starts_on: date) -> date:
    """Return the last day that a report that begins then may cover."""
    return months_later(starts_on, MOST) - timedelta(days=1)


SCHEMA = "hemicycle/progress/1"
REPORT_KIND = "progress-report"
PREVIEW_KIND = "progress-report-draft"
REPORT = ProgressReport._meta.label
OF_FOLLOW_UP = "follow_up__case__"


def report_reference(report: ProgressReport) -> str:
    """Return the reference under which the register of the installation lists the report."""
    return registered_reference(report.reference, report.term.assembly)


def report_title(report: ProgressReport) -> str:
    values = {
        "n": report.number,
        "from": format_date(report.starts_on, weekday=False),
        "to": format_date(report.ends_on, weekday=False),
    }
    return _("Bilan des suites données n° %(n)s, du %(from)s au %(to)s") % values


def published_opinion_keys(term: int) -> Any:
    """Return the keys of the published opinions of the term."""
    return Opinion.objects.public().filter(term=term).values("pk")


def next_start(term: Term) -> date | None:
    """Return the day after the last report, or that of the first follow-up; None while nothing is followed up."""
    last = ProgressReport.objects.filter(term=term).aggregate(day=Max("ends_on"))["day"]
    if last is not None:
        return last + timedelta(days=1)
    followed = FollowUp.objects.filter(answering(published_opinion_keys(term.pk), "case__"))
    return followed.aggregate(day=Min("opened_on"))["day"]


def report_content(report: ProgressReport) -> dict[str, Any]:
    """Return all that the report contains today.

    Plain types only; days are ISO text under names that end with `_on`.
    """
    today = timezone.localdate()
    cases = AnswerCase.objects.of_opinions(published_opinion_keys(report.term_id))
    followed = cases.filter(follow_up__isnull=False).select_related("recommendation__opinion", "whole_of")
    rows = list(
        followed.order_by(
            "recommendation__opinion__reference__alphabetical", "recommendation__number", "pk"
        ).for_screen()
    )
    follow_ups, answers, score = follow_up_summaries(rows), published_of(rows), scoreboard(cases, today)
    opinions: dict[int, dict[str, Any]] = {}
    for case in rows:
        opinion = case.opinion
        address = settings.SITE_URL + reverse("opinions:public", args=[opinion.reference])
        facts = opinions.setdefault(
            opinion.pk,
            {"reference": opinion.reference, "title": opinion.title, "address": address, "proposals": []},
        )
        facts["proposals"].append(_proposal_facts(case, follow_ups[case.pk], answers[case.pk][0]))
    proposals = [row for facts in opinions.values() for row in facts["proposals"]]
    return {
        "schema": SCHEMA,
        "reference": report_reference(report),
        "title": report_title(report),
        "address": settings.SITE_URL + reverse("answers:progress-report", args=[report.reference]),
        "term": report.term.name,
        "starts_on": report.starts_on.isoformat(),
        "ends_on": report.ends_on.isoformat(),
        "noted_on": today.isoformat(),
        "introduction": report.introduction,
        "answers": {"asked": score.asked, "given": score.answered},
        "counts": _counts(proposals),
        "opinions": sorted(opinions.values(), key=lambda facts: facts["reference"]),
    }


def _counts(proposals: list[dict[str, Any]]) -> dict[str, int]:
    states = Counter(row["state"] for row in proposals)
    return {
        "followed": len(proposals),
        **{state: states[state] for state in FollowUpState.values},
        "late": sum(row["is_late"] for row in proposals),
        "under_study": sum(row["answer"]["value"] == AnswerValue.UNDER_STUDY for row in proposals),
    }


def _proposal_facts(case: AnswerCase, summary: FollowUpSummary, answer: Answer) -> dict[str, Any]:
    row = summary.follow_up
    proving = [one for one in summary.standing_updates if one.pk == row.proved_by_id and one is not summary.latest]
    return {
        "reference": case.reference,
        "title": case.title,
        "address": settings.SITE_URL + reverse("answers:thread", args=[case.reference]),
        "answer": {
            "value": answer.value,
            "words": str(answer.get_value_display()),
            "review_on": answer.review_on.isoformat() if answer.review_on else None,
        },
        "directorate": row.directorate.name if row.directorate else "",
        "service": row.service,
        "state": row.state,
        "words": str(row.get_state_display()),
        "is_late": summary.is_late,
        "update_due_on": row.update_due_on.isoformat() if row.update_due_on else None,
        "closed_on": row.ended_on.isoformat() if row.ended_on else None,
        "reason": row.reason if row.ended_on else "",
        "updates": [_update_facts(one) for one in [*([summary.latest] if summary.latest else []), *proving]],
        "milestones": [_milestone_facts(one) for one in summary.milestones if not one.standing.is_dropped],
    }


def _update_facts(update: ProgressUpdate) -> dict[str, Any]:
    links = [(one.label, one.url) for one in update_links(update)]
    return {
        "number": update.number,
        "said_on": local_day(update.at).isoformat(),
        "state": update.state,
        "by": update.directorate.name if update.directorate else _("la mission"),
        "words": update.text,
        "links": [{"label": label, "url": settings.SITE_URL + url if url[0] == "/" else url} for label, url in links],
        "withdrawn": "",
    }


def _milestone_facts(one: MilestoneSummary) -> dict[str, Any]:
    standing = one.standing
    return {
        "label": standing.label,
        "planned_on": standing.planned_on.isoformat(),
        "reached_on": standing.reached_on.isoformat() if standing.reached_on else None,
        "words": one.days,
        "reason": one.reason,
    }


def without_withdrawn(report: ProgressReport) -> dict[str, Any]:
    """Return the content of the report, with the reason in place of updates that the team withdrew since."""
    withdrawn = ProgressUpdate.objects.filter(in_terms([report.term_id], OF_FOLLOW_UP), withdrawn_at__isnull=False)
    names = (f"{OF_FOLLOW_UP}recommendation__reference", f"{OF_FOLLOW_UP}whole_of__reference")
    reasons = {
        (proposal or whole, number): reason
        for proposal, whole, number, reason in withdrawn.values_list(*names, "number", "withdrawn_reason")
    }
    content: dict[str, Any] = deepcopy(report.content or {"opinions": []})
    for row in proposals_of(content):
        for update in row["updates"]:
            if (reason := reasons.get((row["reference"], update["number"]))) is not None:
                update |= {"words": "", "links": [], "withdrawn": reason}
    return content


def proposals_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each recommendation in the content, in the order of the report."""
    for opinion in content["opinions"]:
        yield from opinion["proposals"]


def content_for_page(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content for a template: days as dates, each state with its badge."""
    content_with_days: dict[str, Any] = _with_days(content)
    for row in proposals_of(content_with_days):
        row["state_badge"] = FollowUpState(row["state"]).badge
    return content_with_days


def _with_days(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_days(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_days(one) for one in value]
    return date.fromisoformat(value) if value and name.endswith("_on") else value


def public_reports() -> ScreenQuerySet[ProgressReport]:
    """Return the published reports of the assembly shown on the public pages, the last first."""
    rows = ProgressReport.objects.filter(published_at__isnull=False, term__assembly__in=main_assembly_key())
    return rows.select_related("term__assembly").order_by("-published_at", "-pk")


def public_report(reference: str) -> ProgressReport | None:
    return public_reports().filter(reference=reference).first()


def report_document(report: ProgressReport) -> Document | None:
    """Return the sealed report in the register, published or not."""
    rows = Document.objects.filter(kind=REPORT_KIND, subject_type=REPORT, subject_id=str(report.pk))
    return rows.select_related("published_revision").first()


def reports_due(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term, once `MONTHS` went by since its last published report, or since its first follow-up."""
    last = Max("progress_reports__ends_on", filter=Q(progress_reports__published_at__isnull=False))
    ways = ("opinions__recommendations__answer_case", "opinions__answer_case")
    is_public = Q(opinions__published_at__isnull=False)
    first = Least(*(Min(f"{way}__follow_up__opened_on", filter=is_public) for way in ways))
    # Computed in SQL, because today is the only day that the compiled lists take as a parameter.
    after = Func(
        Coalesce(last, first),
        template=f"((%(expressions)s) + interval '{MONTHS} months')::date",
        output_field=DateField(),
    )
    key = term.pk if isinstance(term, Term) else term
    return Term.objects.filter(pk=key).annotate(report_due_on=after).filter(report_due_on__lte=timezone.localdate())


def reports_to_seal_again(user: Any, term: Term | int) -> QuerySet[ProgressReport]:
    """Return the published reports that still contain an update which was withdrawn since."""
    update = JSONObject(number="number", withdrawn=Cast(Value(""), TextField()))
    reference = Coalesce(f"{OF_FOLLOW_UP}recommendation__reference", f"{OF_FOLLOW_UP}whole_of__reference")
    proposal = JSONObject(reference=reference, updates=_array(update))
    withdrawals = ProgressUpdate.objects.filter(withdrawn_at__isnull=False)
    withdrawals = withdrawals.annotate(extract=_array(JSONObject(proposals=_array(proposal))))
    cited = withdrawals.filter(extract__contained_by=KeyTransform("opinions", OuterRef("content")))  # type: ignore[misc]  # -- extract: annotated
    return ProgressReport.objects.filter(Exists(cited), term=term, published_at__isnull=False)


def _array(one: JSONObject) -> Func:
    """Return a JSON array of one element, built in SQL."""
    return Func(one, function="jsonb_build_array", output_field=JSONField())


def reports_of(term: Term) -> ScreenQuerySet[ProgressReport]:
    """Return the reports of a term for the back office, the last first."""
    return ProgressReport.objects.filter(term=term).defer("content", "introduction").order_by("-number")


def _without_content() -> ScreenQuerySet[ProgressReport]:
    return public_reports().defer("content", "introduction")


LAST_REPORT = CompiledQuery(lambda: _without_content()[:1])  # for the public home page


def last_report(opinion: Opinion | None = None) -> ProgressReport | None:
    """Return the report that public pages link to; for an opinion, the last one that mentions it."""
    if opinion is None:
        return next(LAST_REPORT(), None)
    condition = Q(term=opinion.term_id, content__opinions__contains=[{"reference": opinion.reference}])
    return _without_content().filter(condition).first()
