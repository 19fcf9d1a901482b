"""What answers show on pages of apps below: what the council did with an opinion, and what it still owes."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from answers.models import AnswerFile
from answers.queries.desk import scoreboard_words
from answers.queries.public import ANSWERED, council_answer, with_answers
from answers.rules.clocks import clock_of
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.portal.registry import Panel, register_panel
from consultations.models import Referral
from opinions.models import Opinion

SHOWN = 3


def public_opinions(user: Any, term: Term) -> Panel | None:
    """« Ce qu’elle a dit, ce qui a été répondu »: the latest opinions, then what was answered before this software."""
    rows = with_answers(Opinion.objects.public().filter(term__assembly=term.assembly_id).select_related("term"))
    found = [(row, council_answer(row)) for row in rows.order_by("-adopted_on", "-pk").for_screen()[:SHOWN]]
    said = Opinion.objects.public().filter(referral=OuterRef("pk"))
    answered = Referral.objects.public().filter(~Exists(said), term__assembly=term.assembly_id, state__in=ANSWERED)
    before = list(answered.order_by("-due_on", "-pk").for_screen()[:SHOWN])
    shown = {"opinions": found, "answered": before}
    return Panel("answers/_public_opinions.html", shown, order=8) if found or before else None


def answer_to_opinion(user: Any, opinion: Opinion) -> Panel:
    """In the lead of a published opinion: what the council did, or by when it must."""
    found = with_answers(Opinion.objects.filter(pk=opinion.pk)).get()
    return Panel("answers/_council_answer.html", {"answer": council_answer(found)})


def owed_answers(user: Any, opinion: Opinion) -> Panel | None:
    """On the vote tab of the bureau: what is owed since the handover, each with its clock."""
    today = timezone.localdate()
    rows = AnswerFile.objects.of_opinion(opinion).standing().with_dossier()
    found = [(file, clock_of(file, today)) for file in rows.order_by("recommendation__number", "pk").for_screen()]
    told = {"files": found, "is_team": is_team(user, opinion.term_id)}
    return Panel("answers/_owed.html", told) if found else None


def desk_score(user: Any, term: Term) -> Panel | None:
    """The council's answers in a sentence, once something was handed over."""
    words = scoreboard_words(user, term) if is_team(user, term) else ""
    return Panel("answers/_desk_score.html", {"score": words}, order=30, place="aside") if words else None


register_panel("public", public_opinions)
register_panel("public-opinion-lead", answer_to_opinion)
register_panel("opinion-vote", owed_answers)
register_panel("desk", desk_score)
