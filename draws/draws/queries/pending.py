"""Pending steps of draws, by reader: `act` is the one thing that this reader may do next; their labels."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.documents.models import Document
from assembly.institution.models import TEAM_ROLES, Role, Term, TermState
from assembly.institution.rules import term_ids
from assembly.institution.todo import DaysFrom, ToDo
from assembly.text.french import Label
from draws.draws.models import RUNNING_COMPUTATIONS, ComputationKind, ComputationState, DrawState as S, of_terms
from draws.draws.queries.draw import RECORD_KIND
from draws.models import CallState, Candidate, CandidateState, Computation, Contestation, Draw, Placement, PoolEntry
from members.enums import EndReason, MandateState

# The day of `members.rules.replacement_cutoff`, as an expression of PostgreSQL.
CUTOFF = Func(
    F("call__term__ends_on"),
    F("call__term__replacement_cutoff_months"),
    arg_joiner=" - make_interval(months => ",
    template="(%(expressions)s))::date",
    output_field=DateField(),
)


def day_of_draw() -> Case:
    """Return the deadline of what comes before the draw, as an expression; after it the planned day is no deadline."""
    before = [*S.tagged("preparing", "computable"), S.ANNOUNCED]
    return Case(When(state__in=before, then=TruncDate("takes_place_at")), output_field=DateField())


def next_acts(user: Any, term: Term | int) -> QuerySet[Any]:
    """Return the draws of the term in which this reader has a step to take; none while a worker computes.

    The page of the draw checks more (a list that changed since the trial, a gap to accept): `act` is the start.
    """
    running = Computation.objects.filter(draw=OuterRef("pk"), state__in=RUNNING_COMPUTATIONS)
    rows = Draw.objects.visible_to(user).filter(~Exists(running), of_terms([term])).annotate(cutoff=CUTOFF)
    acts = [*preparing(user), *drawing(user), *after_the_draw(user)]
    cases = [When(condition, then=Value(act)) for act, condition in acts]
    return rows.annotate(act=Case(*cases, default=Value(""), output_field=CharField())).exclude(act="")


def of_roles(user: Any, *roles: Role) -> Q:
    return of_terms(term_ids(user, roles))


def preparing(user: Any) -> list[tuple[str, Q]]:
    team, lead, is_internal = of_roles(user, *TEAM_ROLES), of_roles(user, Role.LEAD), Q(call=None)
    trials = Computation.objects.filter(draw=OuterRef("pk"), quotas=OuterRef("quotas"), kind=ComputationKind.TRIAL)
    tried = Q(Exists(trials.filter(state=ComputationState.READY)))
    others = ~Q(prepared_by=user.pk) & ~Q(quotas__created_by=user.pk)  # as `rules.may_freeze`
    contested = Q(Exists(Contestation.objects.filter(entry__pool__draw=OuterRef("pk"), answered_at=None)))
    unexamined = Q(Exists(Candidate.objects.filter(call=OuterRef("call"), state=CandidateState.SUBMITTED)))
    contest_days = Q(frozen_at__date__lte=DaysFrom(Value(timezone.localdate()), F("contest_days"), sign="-"))
    return [
        ("list", Q(state=S.DRAFT) & is_internal & team),
        ("quotas", Q(state__in=S.tagged("preparing"), quotas=None) & team),
        ("trial", Q(state__in=S.tagged("preparing")) & team & ~tried),
        ("check", Q(state=S.DRAFT) & team),
        ("freeze", Q(state=S.CHECKED, call__state=CallState.CLOSED) & lead & others & ~unexamined),
        ("compute", Q(state=S.FROZEN) & team),
        ("announce", Q(state=S.COMPUTED) & lead & contest_days & ~contested),
    ]


def drawing(user: Any) -> list[tuple[str, Q]]:
    team, lead, witness = of_roles(user, *TEAM_ROLES), of_roles(user, Role.LEAD), of_roles(user, Role.WITNESS)
    records = Document.objects.filter(
        kind=RECORD_KIND,
        subject_type=Draw._meta.label,
        subject_id=Cast(OuterRef("pk"), CharField()),
    )
    sealed = Q(Exists(records))
    return [
        ("draw", Q(state=S.ANNOUNCED) & (team | witness)),
        ("seal", Q(state=S.DRAWN) & team & ~sealed),
        ("name", Q(state=S.DRAWN, call=None) & team & sealed),
        ("certify", Q(state=S.DRAWN, call__isnull=False) & witness & sealed),
        ("reveal", Q(state=S.CERTIFIED) & lead),
    ]


def after_the_draw(user: Any) -> list[tuple[str, Q]]:
    """Return the steps after the result. A seat vacant in the last months stays so unless the lead decides."""
    team, lead = of_roles(user, *TEAM_ROLES), of_roles(user, Role.LEAD)
    placements = Placement.objects.filter(draw=OuterRef("pk"))
    of_entry = Placement.objects.filter(draw=OuterRef("pool__draw"), pseudonym=OuterRef("pseudonym"))
    entries = PoolEntry.objects.filter(~Exists(of_entry), pool=OuterRef("pool"), candidate__state=CandidateState.DRAWN)
    after = Placement.objects.filter(draw=OuterRef("pool__draw"), instead_of=OuterRef("pseudonym"))
    renounced = entries.filter(~Exists(after), candidate__renounced_on__isnull=False)
    left = placements.filter(mandate__state__in=MandateState.tagged("closed"), successor=None)
    left = left.exclude(mandate__end_reason=EndReason.TERM_END)
    is_over, is_early = Q(state=S.REVEALED), Q(cutoff__gt=timezone.localdate())
    is_recruiting = Q(call__term__state=TermState.RECRUITING)
    return [
        ("propose", is_over & team & Q(Exists(entries.filter(candidate__renounced_on=None)))),
        ("note", is_over & lead & is_recruiting & Q(Exists(placements))),
        ("replace", is_over & team & is_early & (Q(Exists(left)) | Q(Exists(renounced)))),
    ]


def contested_draws(user: Any, term: Term | int) -> QuerySet[Any]:
    """Return the draws with contestations that nobody answered: `waiting` of them."""
    open_ones = Contestation.objects.filter(entry__pool__draw=OuterRef("pk"), answered_at=None).order_by()
    counted = open_ones.values("entry__pool__draw").annotate(n=Count("pk")).values("n")
    rows = Draw.objects.filter(of_roles(user, *TEAM_ROLES), call__term=term).exclude(state=S.VOID)
    return rows.annotate(waiting=Subquery(counted)).filter(waiting__gt=0)


ACTS: dict[str, Label] = {
    "list": gettext_lazy("Figer la liste des membres et annoncer le tirage interne"),
    "name": gettext_lazy("Publier les noms des membres tirés"),
    "quotas": gettext_lazy("Écrire les quotas du tirage"),
    "trial": gettext_lazy("Faire un essai à blanc du tirage"),
    "check": gettext_lazy("Lire l’essai à blanc, puis vérifier les quotas"),
    "freeze": gettext_lazy("Figer la liste des candidatures"),
    "compute": gettext_lazy("Calculer les lots du tirage"),
    "announce": gettext_lazy("Annoncer le tirage"),
    "draw": gettext_lazy("Tenir la séance du tirage"),
    "seal": gettext_lazy("Sceller le procès-verbal du tirage"),
    "certify": gettext_lazy("Constater le tirage"),
    "reveal": gettext_lazy("Publier les noms des personnes tirées"),
    "propose": gettext_lazy("Proposer leur siège aux personnes tirées"),
    "note": gettext_lazy("Noter le tirage de la mandature"),
    "replace": gettext_lazy("Remplacer un siège vacant par la règle"),
}


def act_line(row: dict[str, Any]) -> ToDo:
    """Return a line that links to the page of the draw, where the button is the step and what is missing is listed."""
    return ToDo(ACTS[row["act"]], reverse("draws:draw", args=[row["pk"]]), row["reference"])


def call_again_line(row: dict[str, Any]) -> ToDo:
    label = ngettext("Rappeler %(n)s personne tirée au sort", "Rappeler %(n)s personnes tirées au sort", row["n"])
    return ToDo(label % row, reverse("draws:placements", args=[row["pk"]]), row["reference"])


def contested_line(row: dict[str, Any]) -> ToDo:
    label = ngettext("Répondre à %(n)s contestation", "Répondre à %(n)s contestations", row["n"]) % row
    detail = _("%(reference)s : la liste figée") % row
    return ToDo(label, reverse("draws:pool", args=[row["pk"]]), detail)
