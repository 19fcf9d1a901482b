"""State table of minority positions: the README has the same."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.text.french import format_date
from assembly.workflow import Permission, Step, Workflow
from opinions.adoption import rules
from opinions.adoption.queries import names_in
from opinions.models import MinorityPosition, OpinionState, PositionState as P

SHORTEST, LONGEST = 80, 6000


def is_open(position: MinorityPosition) -> bool:
    return rules.is_open(position.opinion, timezone.localdate())


def awaits_author(position: MinorityPosition) -> bool:
    """Return whether the team keyed it in and the author has not confirmed yet that it is what they wrote."""
    return position.recorded_by_id is not None and position.confirmed_at is None


def check_open(position: MinorityPosition) -> None:
    if is_open(position):
        return
    last = rules.last_day(position.opinion)
    if last is not None and last < timezone.localdate():
        message = gettext("Les positions minoritaires étaient attendues jusqu’au %(day)s. Votre brouillon est gardé.")
        raise ValidationError(message % {"day": format_date(last)}, code="closed")
    message = gettext("Les positions minoritaires s’écrivent après l’adoption, avant la remise.")
    raise ValidationError(message, code="closed")


def check_content(position: MinorityPosition) -> None:
    """Raise ValidationError if it is too short, too long to print, or names another member: it is about ideas."""
    title, body = position.title, position.body
    if not title:
        raise ValidationError(gettext("Donnez un titre."), code="title")
    if not SHORTEST <= len(body) <= LONGEST:
        message = gettext("Écrivez entre %(least)s et %(most)s signes : il y en a %(n)s.")
        raise ValidationError(message % {"least": SHORTEST, "most": LONGEST, "n": len(body)}, code="length")
    if named := names_in(position.opinion, f"{title}\n{body}", spared=[position.author.person_id]):
        message = gettext("Ce texte nomme %(who)s. Une position minoritaire parle des idées, pas des personnes.")
        raise ValidationError(message % {"who": ", ".join(named)}, code="names")


AUTHOR: Permission[MinorityPosition] = Permission(rules.is_author, _("auteur"))
OTHER_MEMBER: Permission[MinorityPosition] = Permission(rules.is_other_member, _("membres"))

POSITION: Workflow[MinorityPosition] = Workflow(
    [
        Step("edit", {P.DRAFT}, by=AUTHOR, when=is_open),
        Step(
            "edit",
            {P.SUBMITTED},
            by=AUTHOR,
            when=is_open,
            event_type="position.changed",
            history_text=_("a modifié une position minoritaire"),
        ),
        Step(
            "submit",
            {P.DRAFT},
            P.SUBMITTED,
            by=AUTHOR,
            guards=(check_open, check_content),
            event_type="position.submitted",
            history_text=_("a déposé une position minoritaire"),
            changes=lambda position, taken: {"submitted_at": timezone.now()},
            slug="relire",
            label=_("Déposer ma position"),
            question=_("Relisez, puis déposez"),
            success_message=_("Votre position minoritaire est déposée."),
            template="opinions/adoption/member_position_check.html",
        ),
        # Nobody else has read it, so the journal has no line about it.
        Step(
            "discard",
            {P.DRAFT},
            by=AUTHOR,
            slug="effacer",
            label=_("Effacer ce brouillon"),
            success_message=_("Le brouillon est effacé."),
            consequences=[_("Le texte du brouillon ne revient pas.")],
        ),
        Step(
            "withdraw",
            {P.SUBMITTED},
            P.WITHDRAWN,
            by=AUTHOR,
            # Once handed over, it has left with the opinion.
            when=lambda position: position.opinion.state == OpinionState.ADOPTED,
            event_type="position.withdrawn",
            history_text=_("a retiré une position minoritaire"),
            changes=lambda position, taken: {"withdrawn_at": timezone.now()},
            slug="retirer",
            label=_("Retirer ma position"),
            question=_("Retirer votre position minoritaire ?"),
            success_message=_("Votre position est retirée."),
            consequences=[_("Elle ne sera pas imprimée avec l’avis.")],
            danger=True,
        ),
        Step(
            "sign",
            {P.SUBMITTED},
            by=OTHER_MEMBER,
            when=is_open,
            history_text=_("a signé une position minoritaire"),
            slug="signer",
            label=_("Signer cette position"),
            success_message=_("Vous avez signé cette position."),
        ),
        Step(
            "unsign",
            {P.SUBMITTED},
            by=OTHER_MEMBER,
            when=is_open,
            history_text=_("a retiré sa signature d’une position minoritaire"),
            slug="retirer-ma-signature",
            label=_("Retirer ma signature"),
            question=_("Retirer votre signature ?"),
            success_message=_("Votre signature est retirée."),
        ),
        Step(
            "confirm",
            {P.SUBMITTED},
            by=AUTHOR,
            when=awaits_author,
            history_text=_("a confirmé une position minoritaire enregistrée"),
            changes=lambda position, taken: {"confirmed_at": timezone.now()},
            slug="confirmer",
            label=_("Oui, c’est bien cela"),
            question=_("Est-ce bien ce que vous avez écrit ?"),
            success_message=_("Merci. Votre position est confirmée."),
        ),
    ],
    parent="opinion",
    dossier=lambda position: position.opinion,
    noun="position",
)
