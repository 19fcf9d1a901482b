"""What anybody may read about the answers to an opinion."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.models import AnswerCase
from answers.queries.scoreboard import Scoreboard, counted, scored
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import format_date
from consultations.models import Referral
from consultations.referrals.enums import ReferralState
from opinions.models import Opinion
from opinions.opinions.enums import OpinionState
from opinions.opinions.models import OpinionQuerySet
from opinions.opinions.queries import published_opinions


def with_answers(opinions: OpinionQuerySet) -> OpinionQuerySet:
    """Annotate each opinion with its referral, the numbers of answers owed and given, and the next due day."""
    cases = AnswerCase.objects.of_opinion(OuterRef("pk")).standing().order_by().values(all=Value(1))
    counts = cases.annotate(
        owed=Count("pk"), given=Count("answered_on"), due_on=Min("due_on", filter=Q(answered_on=None))
    )
    answers = counts.values(summary=JSONObject(owed="owed", given="given", due_on="due_on"))
    return opinions.select_related("referral").annotate(answers=Subquery(answers))


def council_answer(opinion: Any, *, in_area: bool = False) -> str:
    """Return the sentence about what the council did with it, or by which day it must answer.

    `opinion` comes from `with_answers`. The state of an unpublished referral is stated only with `in_area`.
    """
    owed, answered = opinion.answers["owed"], opinion.answers["given"]
    due_on = date.fromisoformat(due) if (due := opinion.answers["due_on"]) else None
    referral = opinion.referral
    is_known = (in_area or referral.published_at) and referral.state in ReferralState.tagged("answered")
    if is_known or (owed and answered == owed):
        return _("Le Conseil départemental a répondu.")
    if due_on is None:
        return _("On attend la réponse du Conseil départemental.")
    is_late = due_on < timezone.localdate()
    day = {"day": format_date(due_on, weekday=False)}
    if not answered:
        sentence = (
            _("La réponse du Conseil départemental était attendue le %(day)s.")
            if is_late
            else _("Le Conseil départemental doit répondre avant le %(day)s.")
        )
        return sentence % day
    count_sentence = ngettext(
        "Le Conseil départemental a donné %(given)s réponse sur %(owed)s.",
        "Le Conseil départemental a donné %(given)s réponses sur %(owed)s.",
        answered,
    ) % {"given": answered, "owed": owed}
    left = (
        ngettext("La dernière était attendue le %(day)s.", "La suivante était attendue le %(day)s.", owed - answered)
        if is_late
        else ngettext(
            "La dernière est attendue avant le %(day)s.", "La suivante est attendue avant le %(day)s.", owed - answered
        )
    )
    return f"{count_sentence} {left % day}"


def answer_to_referral(referral: Referral) -> str:
    """Return the sentence for the opinion on this referral; empty where the council owes nothing here."""
    opinions = Opinion.objects.filter(referral=referral, state__in=OpinionState.tagged("handed"))
    opinion: Any = with_answers(opinions).order_by("-handed_over_on", "-pk").first()
    return council_answer(opinion, in_area=True) if opinion and opinion.answers["owed"] else ""


PUBLIC = CompiledQuery(
    lambda: counted(AnswerCase.objects.of_opinions(published_opinions().values("pk")), timezone.localdate())
)


def public_scoreboard() -> Scoreboard:
    """Return the score of all that the assembly of the public pages published and handed over."""
    return scored(PUBLIC())
