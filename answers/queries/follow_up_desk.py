"""What the rooms read of follow-ups: the rows of the list, what its filters offer, what waits for whom."""

from typing import Any

from django.db.models import Count, DateField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.enums import FollowUpState
from answers.models import FollowUp, ProgressUpdate
from answers.models.follow_up import FollowUpQuerySet
from answers.queries.desk import BoardChoices
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of
from assembly.ui.alphabetical import alphabetical
from assembly.ui.queryset import rank_in
from opinions.models import Opinion

S = FollowUpState
SOON = 30  # days before its day, an update stands among what is to be done


def with_latest(rows: FollowUpQuerySet) -> FollowUpQuerySet:
    """Each with the moment and the words of its last update."""
    last = ProgressUpdate.objects.told().filter(follow_up=OuterRef("pk")).order_by("-number")
    return rows.with_dossier().annotate(
        last_at=Subquery(last.values("at")[:1]), last_words=Subquery(last.values("words")[:1])
    )


def of_list(user: Any, term: Term) -> FollowUpQuerySet:
    return with_latest(FollowUp.objects.visible_to(user).of_terms([term.pk])).annotate(rank=rank_in(FollowUpState))


def list_choices(rows: FollowUpQuerySet) -> BoardChoices:
    """What the filters offer: only what some of these follow-ups have."""
    named = Q(pk__in=rows.values("file__recommendation__opinion")) | Q(pk__in=rows.values("file__whole_of"))
    opinions = Opinion.objects.filter(named).order_by("reference", "pk")
    counts = rows.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    themes = rows.exclude(file__recommendation=None).exclude(file__recommendation__theme="")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(
            Directorate.objects.filter(pk__in=rows.values("directorate"))
            .order_by("name__alphabetical")
            .values_list("pk", "name")
        ),
        themes=sorted(set(themes.order_by().values_list("file__recommendation__theme", flat=True)), key=alphabetical),
        sections=[],
        states=dict(counts),
    )


def of_room(user: Any) -> FollowUpQuerySet:
    """Those of the reader's directorates; all that they see, of the elected."""
    places = directorates_of(user)
    rows = FollowUp.objects.visible_to(user)
    return with_latest(rows.filter(directorate__in=places) if places else rows)


def updates_to_tell(user: Any, term: Term | int) -> FollowUpQuerySet:
    """The reader's directorate tells how it goes, within thirty days."""
    rows = FollowUp.objects.of_terms([term]).open().filter(directorate__in=directorates_of(user))
    # Said in SQL: the one day that these lists are compiled with is today.
    near = ExpressionWrapper(F("update_due_on") - Value(SOON), output_field=DateField())
    return rows.annotate(near=near).filter(near__lte=timezone.localdate(), reported_at=None)


def follow_ups_in_words(term: Term) -> str:
    """« 3 suites réalisées sur 8, 2 en cours, 1 point d’étape en retard. »; nothing before a first promise."""
    late = Q(ended_on=None, update_due_on__lt=timezone.localdate())
    found = FollowUp.objects.of_terms([term.pk]).aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=S.DONE)),
        going=Count("pk", filter=Q(state=S.IN_PROGRESS)),
        late=Count("pk", filter=late),
    )
    if not found["all"]:
        return ""
    done = ngettext("%(done)s réalisée sur %(all)s", "%(done)s réalisées sur %(all)s", found["done"])
    late_words = ngettext("%(late)s point d’étape en retard", "%(late)s points d’étape en retard", found["late"])
    told = [
        done % found,
        _("%(going)s en cours") % found,
        late_words % found if found["late"] else _("tout est à jour"),
    ]
    return f"{', '.join(told)}."
