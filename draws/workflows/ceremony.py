"""Steps that draws of volunteers and draws among the members have: the ceremony, its record, the end."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.workflow import SYSTEM_ONLY, Step
from draws.draws.forms import AttendeesForm, DigitsForm, IncidentForm
from draws.draws.workflow.guards import LEAD, TEAM, WITNESS, check_day_has_come, check_idle
from draws.enums import DrawState as S
from draws.models import Draw

# Digits, attendees and record: the same steps for volunteers and for members.
CEREMONY: tuple[Step[Draw], ...] = (
    Step(
        "read",
        {S.ANNOUNCED},
        by=TEAM | WITNESS,
        primary=True,
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
        primary=True,
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
