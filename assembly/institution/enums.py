from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class TermState(States):
    """States of a term (domain.md B1)."""

    PLANNED = "planned", State("todo", tags={"undrawn", "dormant"}), _("prévue")
    RECRUITING = "recruiting", State("in_progress", tags={"live", "undrawn"}), _("appel à candidatures")
    DRAWN = "drawn", State("in_progress", tags={"live", "seated"}), _("tirée au sort")
    INSTALLED = "installed", State("in_progress", tags={"live", "seated", "at_work"}), _("installée")
    ACTIVE = "active", State("in_progress", tags={"live", "seated", "at_work"}), _("en cours")
    CLOSING = "closing", State("waiting", tags={"live", "seated", "at_work"}), _("en clôture")
    CLOSED = "closed", State("done", tags={"ended"}), _("close")
    ARCHIVED = "archived", State("closed", tags={"ended", "dormant"}), _("archivée")


class CommitteeKind(models.TextChoices):
    THEMATIC = "thematic", _("commission thématique")
    TERRITORIAL = "territorial", _("commission territoriale")
    WORKING_GROUP = "working_group", _("groupe de travail")
    CROSS_CUTTING = "cross_cutting", _("groupe transversal")
    STEERING = "steering", _("comité de pilotage")
    TECHNICAL = "technical", _("comité technique")
    FOLLOW_UP = "follow_up", _("comité de suivi")
    GOVERNANCE = "governance", _("comité de gouvernance")


class CommitteeFunction(models.TextChoices):
    """Functions in a committee; they are dated rows, not roles (domain.md B)."""

    MEMBER = "member", _("membre")
    CHAIR = "chair", _("présidence")
    SECRETARY = "secretary", _("secrétariat")
    RAPPORTEUR = "rapporteur", _("rapporteur·e")
    GROUP_LEAD = "group_lead", _("référent·e de groupe")


class Role(models.TextChoices):
    """Roles, each valid in a term, in a directorate or in an assembly; they decide who sees what (domain.md B)."""

    LEAD = "lead", _("responsable de la mission")
    OFFICER = "officer", _("chargé·e de mission")
    FACILITATOR = "facilitator", _("animation (AMO)")
    MEMBER = "member", _("membre")
    DIR_CONTACT = "dir_contact", _("référent·e de direction")
    DIR_APPROVER = "dir_approver", _("directeur ou directrice")
    SPONSOR = "sponsor", _("élu·e référent·e")
    PRESIDENT = "president", _("cabinet du président")
    WITNESS = "witness", _("commissaire de justice")
    DPO = "dpo", _("protection des données")
    ARCHIVIST = "archivist", _("archives")
    ADMIN = "admin", _("administration technique")


TERM_ROLES = frozenset(
    {Role.LEAD, Role.OFFICER, Role.FACILITATOR, Role.MEMBER, Role.SPONSOR, Role.PRESIDENT, Role.WITNESS}
)
DIRECTORATE_ROLES = frozenset({Role.DIR_CONTACT, Role.DIR_APPROVER})
ASSEMBLY_ROLES = frozenset({Role.DPO, Role.ARCHIVIST, Role.ADMIN})
TEAM_ROLES = frozenset({Role.LEAD, Role.OFFICER})
SECOND_FACTOR_ROLES = frozenset(Role) - {Role.MEMBER}


class QuorumRule(models.TextChoices):
    HALF_OF_SEATS_HELD = "half", _("la moitié des sièges pourvus")
    PERCENT_OF_SEATS_HELD = "percent", _("un pourcentage des sièges pourvus")
    NONE = "none", _("pas de quorum")


class NoQuorumRule(models.TextChoices):
    """Consequences of a missing quorum (domain.md B11)."""

    SECOND = "second", _("la séance prend fin\u00a0; une seconde, sur le même ordre du jour, décide sans quorum")
    ADJOURN = "adjourn", _("la séance prend fin\u00a0; une autre la remplace, et le quorum reste exigé")
    SUSPEND = "suspend", _("la séance est suspendue jusqu’à ce que le quorum soit atteint")


class MajorityRule(models.TextChoices):
    """Majority rules (domain.md B10): votes cast = for + against; present = all persons who voted."""

    SIMPLE = "simple", _("majorité simple des votes exprimés")
    ABSOLUTE_PRESENT = "absolute_present", _("majorité absolue des votants")
    ABSOLUTE_MEMBERS = "absolute_members", _("majorité absolue des membres")
    TWO_THIRDS = "two_thirds", _("deux tiers des votes exprimés")
    FOUR_FIFTHS = "four_fifths", _("quatre cinquièmes des votes exprimés")
