"""Steps of a draw (domain.md B3); the README has the same table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.renditions import is_up_to_date
from assembly.institution.rules import is_lead, is_team
from assembly.text.french import format_date
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Transition, Workflow
from draws.enums import CallState, ComputationState, DrawTable
from draws.enums import DrawState as S
from draws.forms.draw import (
    AttendeesForm,
    CertifyForm,
    DeadlineForm,
    DigitsForm,
    DrawSettingsForm,
    IncidentForm,
    ReplacementForm,
)
from draws.forms.internal import DescribeForm, ListForm, RefusalForm
from draws.models import Draw
from draws.queries.calls import count_unexamined
from draws.queries.confirmation import awaited
from draws.queries.draw import (
    RECORD_KIND,
    latest_trial,
    open_contestations,
    outcome_of,
    portfolio_of,
    record_of,
    running_computation,
)
from draws.queries.pool import trial_pool
from draws.queries.succession import drawn_without_mandate, has_vacancies
from draws.rules import draw as rules
from members.sortition.reading import InvalidInput, read_instance

TEAM: Permission[Draw] = Permission(lambda user, draw: is_team(user, draw.term_id), _("équipe"))
LEAD: Permission[Draw] = Permission(lambda user, draw: is_lead(user, draw.term_id), _("responsable"))
FREEZER: Permission[Draw] = Permission(rules.may_freeze, _("responsable, qui n’a pas préparé ce tirage"))
WITNESS: Permission[Draw] = Permission(rules.is_witness, _("commissaire de justice"))


def check_quotas(draw: Draw) -> None:
    if draw.quotas is None:
        raise ValidationError(gettext("Écrivez d’abord les quotas."), code="quotas")


def check_idle(draw: Draw) -> None:
    if running_computation(draw):
        raise ValidationError(gettext("Un calcul est en cours : attendez sa fin, ou arrêtez-le."), code="computation")


def check_call_closed(draw: Draw) -> None:
    if draw.volunteer_call.state != CallState.CLOSED:
        raise ValidationError(gettext("L’appel à candidatures n’est pas clos."), code="call")


def unexamined_message(n: int) -> str:
    message = ngettext(
        "%(n)s candidature attend encore son examen : examinez-la, ou écartez-la avec son motif.",
        "%(n)s candidatures attendent encore leur examen : examinez-les, ou écartez-les avec leur motif.",
        n,
    )
    return message % {"n": n}


def check_all_examined(draw: Draw) -> None:
    """Check that nobody is left out of the list for want of examination; the database refuses it too."""
    if n := count_unexamined(draw.volunteer_call):
        raise ValidationError(unexamined_message(n), code="unexamined")


def check_feasible(draw: Draw) -> None:
    """Check that a trial of these quotas, on the volunteers as they are now, found a panel."""
    trial = latest_trial(draw)
    if trial is None or trial.state != ComputationState.READY:
        raise ValidationError(gettext("Faites d’abord un essai à blanc de ces quotas."), code="trial")
    if trial.findings.get("impossible"):
        raise ValidationError(
            gettext("L’essai dit que le tirage est impossible : choisissez un remède."), code="trial"
        )
    try:
        digest = read_instance(trial_pool(draw), bytes(trial.quotas.content), trial.quotas.seats).digest
    except InvalidInput as changed:
        raise ValidationError(str(changed), code="trial") from changed
    if digest != trial.digest:
        message = gettext("Des candidatures ont changé depuis l’essai à blanc : refaites-le.")
        raise ValidationError(message, code="trial")


def check_portfolio(draw: Draw) -> None:
    if portfolio_of(draw) is None:
        raise ValidationError(gettext("Calculez d’abord les lots, avec le plafond retenu."), code="portfolio")


def is_inexact(draw: Draw) -> bool:
    """Return whether the panels miss the fairest chances and nobody has decided to go on."""
    portfolio = portfolio_of(draw)
    return portfolio is not None and not portfolio.findings.get("exact") and not draw.gap_decision


def check_gap_decision(draw: Draw) -> None:
    if is_inexact(draw):
        message = gettext("Les lots n’atteignent pas les chances les plus justes : décidez par écrit.")
        raise ValidationError(message, code="gap")


def check_contestations(draw: Draw) -> None:
    """Check that the period to contest is over and each contestation has its answer."""
    waiting = open_contestations(draw).count()
    if waiting:
        message = gettext("Des contestations attendent une réponse : %(n)s.") % {"n": waiting}
        raise ValidationError(message, code="contestations")
    ends_at = draw.contest_ends_at
    if ends_at and timezone.now() < ends_at:
        raise ValidationError(gettext("Le délai pour contester la liste n’est pas fini."), code="delay")


def check_place(draw: Draw) -> None:
    if not (draw.place and draw.takes_place_at):
        raise ValidationError(gettext("Dites où et quand le tirage a lieu : l’annonce le publie."), code="place")


def check_day_has_come(draw: Draw) -> None:
    """Check that the announced day has come: nobody reads balls before."""
    if draw.takes_place_at and timezone.localdate() < timezone.localdate(draw.takes_place_at):
        message = gettext("Le tirage est annoncé pour le %(day)s : les boules se lisent ce jour-là, devant le public.")
        raise ValidationError(message % {"day": format_date(draw.takes_place_at)}, code="day")


def check_record(draw: Draw) -> None:
    """Check that the sealed record, which the commissaire de justice attests, holds everything noted since."""
    if record_of(draw) is None:
        raise ValidationError(gettext("Scellez d’abord le procès-verbal du tirage."), code="record")
    if not is_up_to_date(draw, RECORD_KIND):
        message = gettext("Quelque chose a changé depuis le procès-verbal : scellez-le de nouveau.")
        raise ValidationError(message, code="record_changed")


def has_drawn_to_propose(draw: Draw) -> bool:
    outcome = outcome_of(draw)
    return outcome is not None and bool(drawn_without_mandate(draw, outcome))


def attestation_columns(draw: Draw, taken: Transition) -> dict[str, Any]:
    """Return the dates: without a commissaire de justice, whoever was there signs the record."""
    now = timezone.now()
    return {"certified_at": now, "revealed_at": now}


def unfreeze_columns(draw: Draw, taken: Transition) -> dict[str, Any]:
    return {"frozen_at": None, "frozen_by": None, "pool": None}


# Digits, attendees and record: the same steps for volunteers and for members.
CEREMONY: tuple[Step[Draw], ...] = (
    Step(
        "read",
        {S.ANNOUNCED},
        by=TEAM | WITNESS,
        guards=(check_day_has_come,),
        event_type="draw.digits_read",
        history_text=_("a saisi les boules et les dés"),
        slug="lecture",
        label=_("Saisir les boules et les dés"),
        form=DigitsForm,
        fresh=True,
    ),
    Step(
        "draw",
        {S.ANNOUNCED},
        S.DRAWN,
        by=SYSTEM_ONLY,
        event_type="draw.drawn",
        history_text=_("a confirmé le tirage"),
        changes=lambda draw, taken: {"drawn_at": timezone.now()},
    ),
    Step(
        "report",
        S.tagged("ceremony"),
        by=TEAM | WITNESS,
        event_type="draw.incident_noted",
        history_text=_("a noté un incident du tirage"),
        slug="incident",
        label=_("Noter un incident"),
        question=_("Noter un incident"),
        success_message=_("L’incident est noté, avec l’heure."),
        form=IncidentForm,
    ),
    Step(
        "name_attendees",
        S.tagged("ceremony"),
        by=TEAM,
        event_type="draw.attendees_named",
        history_text=_("a noté les personnes présentes au tirage"),
        slug="presents",
        label=_("Personnes présentes"),
        question=_("Qui est présent ?"),
        success_message=_("Les personnes présentes sont notées."),
        form=AttendeesForm,
    ),
    Step(
        "seal",
        {S.DRAWN},
        by=TEAM,
        event_type="draw.record_asked",
        history_text=_("a demandé le cachet du procès-verbal du tirage"),
        slug="proces-verbal",
        label=_("Sceller le procès-verbal"),
        success_message=_("Le procès-verbal est demandé."),
        consequences=[_("Relisez d’abord les incidents et les personnes présentes.")],
        fresh=True,
    ),
)
VOID: Step[Draw] = Step(
    "void",
    set(S) - {S.REVEALED, S.VOID},
    S.VOID,
    by=LEAD,
    guards=(check_idle,),
    history_text=_("a annulé le tirage"),
    reason_column="void_reason",
    changes=lambda draw, taken: {"voided_at": timezone.now()},
    slug="annuler",
    label=_("Annuler le tirage"),
    question=_("Annuler ce tirage ?"),
    success_message=_("Le tirage est annulé. Il reste lisible, avec son motif."),
    consequences=[_("Un autre tirage pourra commencer, sous le numéro suivant.")],
    danger=True,
    fresh=True,
)
VOLUNTEERS: tuple[Step[Draw], ...] = (
    Step(
        "settle",
        S.tagged("preparing", "computable"),
        by=TEAM,
        history_text=_("a réglé la date, le lieu ou les délais du tirage"),
        slug="reglages",
        label=_("Date, lieu et délais"),
        question=_("Où, quand, avec quels délais ?"),
        success_message=_("Les réglages sont gardés."),
        form=DrawSettingsForm,
    ),
    Step(
        "set_quotas",
        S.tagged("preparing"),
        S.DRAFT,
        by=TEAM,
        guards=(check_idle,),
        event_type="draw.quotas_set",
        history_text=_("a écrit une version des quotas"),
    ),
    Step(
        "ask_trial",
        S.tagged("preparing"),
        by=TEAM,
        guards=(check_quotas, check_idle),
        event_type="draw.trial_asked",
        history_text=_("a demandé un essai à blanc"),
        slug="essai",
        label=_("Essai à blanc"),
        question=_("Faire un essai à blanc ?"),
        success_message=_("L’essai est lancé."),
        consequences=[
            _("Le calcul dit si les candidatures d’aujourd’hui permettent ces quotas. Il ne tire personne.")
        ],
    ),
    Step(
        "check",
        {S.DRAFT},
        S.CHECKED,
        by=TEAM,
        guards=(check_quotas, check_idle, check_feasible),
        history_text=_("a vérifié les quotas sur les candidatures"),
        slug="verifier",
        label=_("Déclarer vérifié"),
        question=_("Tenir ces quotas pour vérifiés ?"),
        success_message=_("Les quotas sont vérifiés. La ou le responsable peut figer la liste."),
        consequences=[_("La liste est ensuite figée par une personne qui n’a pas préparé ce tirage.")],
    ),
    Step(
        "freeze",
        {S.CHECKED},
        S.FROZEN,
        by=FREEZER,
        guards=(check_call_closed, check_all_examined, check_idle, check_feasible),
        event_type="draw.frozen",
        history_text=_("a figé la liste des candidatures"),
        slug="figer",
        label=_("Figer la liste"),
        question=_("Figer la liste des candidatures ?"),
        success_message=_("La liste est figée."),
        fresh=True,
    ),
    Step(
        "write",
        {S.FROZEN, S.COMPUTED, S.ANNOUNCED},
        by=TEAM,
        event_type="draw.volunteers_notified",
        history_text=_("a écrit à chaque volontaire ce que la liste dit de sa candidature"),
        slug="ecrire",
        label=_("Écrire aux volontaires"),
        question=_("Écrire à chaque volontaire ?"),
        success_message=_("Les courriels partent."),
        fresh=True,
    ),
    Step(
        "unfreeze",
        S.tagged("computable"),
        S.DRAFT,
        by=LEAD,
        guards=(check_idle,),
        event_type="draw.unfrozen",
        history_text=_("a dégelé la liste des candidatures"),
        needs_reason=True,
        changes=unfreeze_columns,
        slug="degeler",
        label=_("Dégeler la liste"),
        success_message=_("La liste est dégelée. Corrigez, refaites un essai, puis figez de nouveau."),
        consequences=[_("Cette version reste dans l’historique. La suivante aura d’autres pseudonymes.")],
        fresh=True,
    ),
    Step(
        "ask_portfolio",
        S.tagged("computable"),
        by=TEAM,
        guards=(check_idle,),
        event_type="draw.portfolio_asked",
        history_text=_("a demandé le calcul des lots"),
        slug="calculer",
        label=_("Calculer les lots"),
        success_message=_("Le calcul est lancé."),
        consequences=[_("Dix mille billets numérotés, chacun lié à un panel conforme aux quotas.")],
    ),
    Step(
        "compute",
        S.tagged("computable"),
        S.COMPUTED,
        by=SYSTEM_ONLY,
        history_text=_("a calculé les lots"),
        changes=lambda draw, taken: {"gap_decision": ""},
    ),
    Step(
        "accept_gap",
        {S.COMPUTED},
        by=TEAM,
        when=is_inexact,
        event_type="draw.gap_accepted",
        history_text=_("a accepté par écrit l’écart entre les lots et les chances les plus justes"),
        reason_column="gap_decision",
        slug="accepter-ecart",
        label=_("Accepter l’écart"),
        success_message=_("La décision est gardée : elle entre dans le procès-verbal."),
    ),
    Step(
        "announce",
        {S.COMPUTED},
        S.ANNOUNCED,
        by=LEAD,
        guards=(check_idle, check_portfolio, check_gap_decision, check_place, check_contestations),
        history_text=_("a publié les quotas, les lots et leurs empreintes"),
        changes=lambda draw, taken: {"announced_at": timezone.now()},
        slug="annoncer",
        label=_("Annoncer"),
        question=_("Annoncer le tirage ?"),
        success_message=_("Le tirage est annoncé : tout le monde peut télécharger les lots."),
        danger=True,
        fresh=True,
    ),
    *CEREMONY,
    Step(
        "certify",
        {S.DRAWN},
        S.CERTIFIED,
        by=WITNESS,
        guards=(check_record,),
        history_text=_("a constaté le tirage"),
        changes=lambda draw, taken: {"certified_at": timezone.now()},
        slug="constater",
        label=_("Constater le tirage"),
        question=_("Constater ce tirage ?"),
        success_message=_("Le tirage est constaté. La mission peut révéler les noms."),
        consequences=[_("Le résultat de la lecture est fixé. Les noms restent secrets jusqu’à leur publication.")],
        form=CertifyForm,
        fresh=True,
    ),
    Step(
        "reveal",
        {S.CERTIFIED},
        S.REVEALED,
        by=LEAD,
        history_text=_("a révélé le tirage"),
        changes=lambda draw, taken: {"revealed_at": timezone.now()},
        slug="reveler",
        label=_("Publier les noms"),
        question=_("Publier les noms et le procès-verbal ?"),
        success_message=_("Le tirage est révélé."),
        consequences=[
            _("Faites-le après la projection : le prénom, l’initiale et la commune deviennent publics."),
            _("Les candidatures changent d’état : tirées, suppléantes, non tirées."),
        ],
        danger=True,
        fresh=True,
    ),
    Step(
        "propose_mandates",
        {S.REVEALED},
        by=TEAM,
        when=has_drawn_to_propose,
        event_type="draw.mandates_proposed",
        history_text=_("a proposé leur siège aux personnes tirées au sort"),
        slug="mandats",
        label=_("Proposer les mandats"),
        question=_("Proposer leur siège aux personnes tirées ?"),
        success_message=_("Les mandats sont proposés : appelez chaque personne."),
        form=DeadlineForm,
    ),
    Step(
        "remind",
        {S.REVEALED},
        by=TEAM,
        when=lambda draw: awaited(draw).exists(),
        event_type="draw.answers_reminded",
        history_text=_("a relancé les personnes tirées au sort dont la réponse est attendue"),
        slug="relancer",
        label=_("Relancer par courriel"),
        question=_("Relancer les personnes qui n’ont pas répondu ?"),
        success_message=_("La relance est en cours d’envoi."),
        fresh=True,
    ),
    Step(
        "replace_vacated",
        {S.REVEALED},
        by=TEAM,
        when=has_vacancies,
        event_type="draw.seats_refilled",
        history_text=_("a appliqué la règle de remplacement aux sièges vacants"),
        slug="remplacer",
        label=_("Remplacer les sièges vacants"),
        question=_("Appliquer la règle de remplacement ?"),
        success_message=_("La règle est appliquée : appelez les personnes qu’elle désigne."),
        form=ReplacementForm,
    ),
    VOID,
)
INTERNAL: tuple[Step[Draw], ...] = (
    Step(
        "describe",
        {S.DRAFT},
        by=TEAM,
        history_text=_("a changé la fonction, les places ou la règle du tirage interne"),
        slug="fonction",
        label=_("Régler ce tirage"),
        question=_("Que tirer au sort, et selon quelle règle ?"),
        success_message=_("Le tirage est changé."),
        form=DescribeForm,
    ),
    Step(
        "announce_list",
        {S.DRAFT},
        S.ANNOUNCED,
        by=TEAM,
        guards=(check_quotas, check_place),
        event_type="draw.list_announced",
        history_text=_("a figé la liste des membres et publié les lots et leurs empreintes"),
        changes=lambda draw, taken: {"announced_at": timezone.now()},
        slug="figer-liste",
        label=_("Figer la liste et annoncer"),
        question=_("Figer la liste et annoncer le tirage ?"),
        success_message=_("Le tirage est annoncé : tout le monde peut télécharger les lots."),
        form=ListForm,
        danger=True,
        fresh=True,
    ),
    *CEREMONY,
    Step(
        "note_refusal",
        {S.DRAWN},
        by=TEAM,
        event_type="draw.refusal_noted",
        history_text=_("a noté qu’une personne tirée renonce"),
        slug="desistement",
        label=_("Noter un désistement"),
        question=_("Noter un désistement"),
        success_message=_("Le désistement est noté : la place va à la réserve, dans son ordre."),
        consequences=[_("La personne quitte la liste, et la suivante de la réserve prend sa place.")],
        form=RefusalForm,
    ),
    Step(
        "name_people",
        {S.DRAWN},
        S.REVEALED,
        by=TEAM,
        guards=(check_record,),
        event_type="draw.people_named",
        history_text=_("a publié les noms des personnes tirées"),
        changes=attestation_columns,
        slug="nommer",
        label=_("Publier les noms"),
        question=_("Publier les noms et le procès-verbal ?"),
        success_message=_("Les noms sont publics."),
        danger=True,
        fresh=True,
    ),
    VOID,
)
DRAW: Workflow[Draw] = Workflow(
    {DrawTable.VOLUNTEERS.value: VOLUNTEERS, DrawTable.INTERNAL.value: INTERNAL},
    choose=lambda draw: draw.table.value,
    facts=lambda draw: {"reference": draw.reference},
    next_steps={
        S.DRAFT: ["check", "announce_list"],
        S.CHECKED: ["freeze"],
        S.FROZEN: ["ask_portfolio"],
        S.COMPUTED: ["announce"],
        S.ANNOUNCED: ["read"],
        S.DRAWN: ["certify", "seal", "name_people"],
        S.CERTIFIED: ["reveal"],
    },
    noun="draw",
)
