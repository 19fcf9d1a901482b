from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class Gender(models.TextChoices):
    FEMALE = "F", _("femme")
    MALE = "M", _("homme")
    OTHER = "X", _("autre ou non précisé")


class SeatGender(models.TextChoices):
    """Gender that may hold the seat; « any » is for assemblies without the rule of parity."""

    FEMALE = "F", _("femme")
    MALE = "M", _("homme")
    ANY = "X", _("sans condition")


class Civility(models.TextChoices):
    MADAM = "mme", _("Madame")
    SIR = "m", _("Monsieur")


class MandateKind(models.TextChoices):
    TITULAR = "titular", _("titulaire")
    ALTERNATE = "alternate", _("suppléant·e")


class MandateState(States):
    """State of a mandate (domain.md B4). The label is the one that readers see."""

    PROPOSED = "proposed", State("waiting", tags={"open", "unaccepted"}), _("Proposé")
    ACCEPTED = "accepted", State("todo", tags={"open", "accepted", "answered"}), _("Accepté")
    ACTIVE = "active", State("done", tags={"open", "accepted", "holding"}), _("En cours")
    SUSPENDED = "suspended", State("partial", tags={"open", "accepted", "holding"}), _("Suspendu")
    ENDED = "ended", State("closed", tags={"closed"}), _("Terminé")
    DECLINED = "declined", State("refused", tags={"closed", "unaccepted", "answered"}), _("Refusé")
    NO_ANSWER = "no_answer", State("refused", tags={"closed", "unaccepted", "answered"}), _("Sans réponse")


class EndReason(models.TextChoices):
    """Reason why a mandate ended (domain.md B4). The program never decides on repeated absence."""

    RESIGNED = "resigned", _("démission écrite")
    MOVED = "moved", _("départ du canton ou du département")
    LOST_QUALITY = "lost_quality", _("devenu·e élu·e ou agent de la collectivité")
    ABSENCES = "absences", _("absences répétées")
    DECEASED = "deceased", _("décès")
    TERM_END = "term_end", _("fin de la mandature")
    EXCLUDED = "excluded", _("exclusion, charte non respectée")
    ERASED = "erased", _("effacement de ses données")


class NeedKind(models.TextChoices):
    """Measure to arrange. None of the labels names an illness or a handicap (domain.md H1)."""

    SIGN_LANGUAGE = "sign_language", _("interprète en langue des signes (LSF)")
    STEP_FREE = "step_free", _("accès et place sans marche")
    HEARING_LOOP = "hearing_loop", _("boucle magnétique ou transcription")
    LARGE_PRINT = "large_print", _("documents en gros caractères")
    EASY_READ = "easy_read", _("documents faciles à lire (FALC)")
    CHILDCARE = "childcare", _("garde d’enfants")
    TRANSPORT = "transport", _("transport organisé")
    COMPANION = "companion", _("place pour la personne qui accompagne")
    MEAL = "meal", _("repas adapté")
    OTHER = "other", _("autre mesure")


class RecordChannel(models.TextChoices):
    """Channel by which an answer reached the team."""

    ONLINE = "online", _("en ligne")
    PAPER = "paper", _("sur papier")
    PHONE = "phone", _("par téléphone")


class ImageUse(models.TextChoices):
    """Use of the image, with one consent each (domain.md H1)."""

    WEBSITE = "website", _("site de l’Assemblée")
    PRESS = "press", _("presse et publications imprimées")
    SOCIAL = "social", _("réseaux sociaux")


class RequestState(models.TextChoices):
    PENDING = "pending", _("À confirmer")
    CONFIRMED = "confirmed", _("Confirmée")
    REFUSED = "refused", _("Refusée")
