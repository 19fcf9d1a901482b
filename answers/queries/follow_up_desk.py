"""Queries of the lists of follow-ups: the rows, the options of the filters, what is pending for whom."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.enums import FollowUpState
from answers.follow_up.models import FollowUpQuerySet
from answers.models import FollowUp, FollowUpHearing, ProgressUpdate
from answers.queries.desk import BoardChoices
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of
from assembly.speed.queryset import rank_in
from assembly.text.alphabetical import alphabetical
from opinions.models import Opinion

S = FollowUpState
SOON = 30  # days before its due day, an update is listed as a task


def with_latest(rows: FollowUpQuerySet) -> FollowUpQuerySet:
    """Annotate each follow-up with the moment and the text of its last update."""
    last = ProgressUpdate.objects.not_withdrawn().filter(follow_up=OuterRef("pk")).order_by("-number")
    return rows.with_dossier().annotate(
        last_at=Subquery(last.values("at")[:1]), last_text=Subquery(last.values("text")[:1])
    )


def follow_ups_for_list(user: Any, term: Term) -> FollowUpQuerySet:
    return with_latest(FollowUp.objects.visible_to(user).of_terms([term.pk])).annotate(rank=rank_in(FollowUpState))


def list_choices(rows: FollowUpQuerySet) -> BoardChoices:
    """Return the options of the filters: only what some of these follow-ups have."""
    named = Q(pk__in=rows.values("case__recommendation__opinion")) | Q(pk__in=rows.values("case__whole_of"))
    opinions = Opinion.objects.filter(named).order_by("reference", "pk")
    counts = rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    themes = rows.exclude(case__recommendation=None).exclude(case__recommendation__theme="")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(
            Directorate.objects.filter(pk__in=rows.values("directorate"))
            .order_by("name__alphabetical")
            .values_list("pk", "name")
        ),
        themes=sorted(set(themes.order_by().values_list("case__recommendation__theme", flat=True)), key=alphabetical),
        sections=[],
        states=dict(counts),
    )


def follow_ups_for_directorate(user: Any) -> FollowUpQuerySet:
    """Return the follow-ups of the reader’s directorates; for the elected, all that they may read."""
    directorates = directorates_of(user)
    rows = FollowUp.objects.visible_to(user)
    return with_latest(rows.filter(directorate__in=directorates) if directorates else rows)


def owed_updates(user: Any, term: Term | int) -> FollowUpQuerySet:
    """Return the follow-ups for which the reader’s directorate owes an update within thirty days."""
    rows = FollowUp.objects.of_terms([term]).open().filter(directorate__in=directorates_of(user))
    # Computed in SQL, because today is the only day that the compiled lists take as a parameter.
    near = ExpressionWrapper(F("update_due_on") - Value(SOON), output_field=DateField())
    return rows.annotate(near=near).filter(near__lte=timezone.localdate(), reported_at=None)


def follow_ups_sentence(term: Term) -> str:
    """Return « 3 suites réalisées sur 8, 2 en cours, 1 point d’étape en retard. », empty before a first promise."""
    late = Q(ended_on=None, update_due_on__lt=timezone.localdate())
    counts = FollowUp.objects.of_terms([term.pk]).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=S.DONE)),
        going=Count("pk", filter=Q(state=S.IN_PROGRESS)),
        late=Count("pk", filter=late),
    )
    if not counts["all"]:
        return ""
    done = ngettext("%(done)s réalisée sur %(all)s", "%(done)s réalisées sur %(all)s", counts["done"])
    late_label = ngettext("%(late)s point d’étape en retard", "%(late)s points d’étape en retard", counts["late"])
    parts = [
        done % counts,
        _("%(going)s en cours") % counts,
        late_label % counts if counts["late"] else _("tout est à jour"),
    ]
    return f"{', '.join(parts)}."


def update_condition(asked: str) -> Q:
    today = timezone.localdate()
    is_open = Q(state__in=S.tagged("open"))
    return {
        "retard": is_open & Q(update_due_on__lt=today),
        "30": is_open & Q(update_due_on__range=(today, today + timedelta(days=30))),
        "verifier": is_open & Q(reported_at__isnull=False),
        "personne": is_open & Q(directorate=None),
        "audition": Q(pk__in=FollowUpHearing.objects.filter(heard_on=None).values("follow_up")),
    }[asked]
