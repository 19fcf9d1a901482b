"""Pages of the steps of an amendment in the back office."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepPage, StepPages
from assembly.identity.http import UserRequest
from opinions.actions.amendments import check, debate
from opinions.forms.amendments import AmendmentReasonForm, MergeForm, RapporteurViewForm, VoteForm
from opinions.models import Amendment
from opinions.views.fetch import desk_amendment
from opinions.workflows.amendments import AMENDMENT
from sessions.views.decisions import origin_page

# Steps that move the amendment forward are big buttons.
FIRST = {"recevable", "appeler", "voter", "retablir"}


def return_query(request: UserRequest) -> str:
    """Return the query string with the address to return to, if the reader came from the order of call."""
    back = origin_page(request)
    return format_return_query(back) if back else ""


def format_return_query(address: str) -> str:
    return f"?{urlencode({'retour': address}, safe='/')}"


def back_to(request: UserRequest, amendment: Amendment) -> str:
    """Return the amendment; once its result is recorded, the order of call if the reader came from it."""
    is_over = request.method == "POST" and amendment.is_decided
    return (is_over and origin_page(request)) or reverse("opinions:amendment", args=[amendment.pk]) + return_query(
        request
    )


def amendment_label(amendment: Amendment) -> str:
    label = gettext("Amendement n°\u00a0%(n)s, %(ref)s")
    return label % {"n": amendment.number, "ref": amendment.opinion.reference}


STEPS = StepPages(
    AMENDMENT,
    {
        "recevable": StepPage(
            "admit",
            title=_("Cet amendement est-il recevable ?"),
            label=_("Déclarer recevable"),
            success_message=_("L’amendement est recevable."),
            consequences=lambda one: [
                _("Seule la forme compte : déposé à temps, sur un passage du texte, dans le sujet.")
            ],
        ),
        "irrecevable": StepPage(
            "refuse",
            title=_("Pourquoi cet amendement n’est-il pas recevable ?"),
            label=_("Déclarer irrecevable"),
            consequences=lambda one: [gettext("L’auteur lit le motif, par courriel le prochain matin travaillé.")],
            success_message=_("L’amendement est irrecevable ; son auteur lira pourquoi."),
            form=AmendmentReasonForm,
            danger=True,
        ),
        "reprendre": StepPage(
            "check_again",
            title=_("Vérifier de nouveau ?"),
            label=_("Reprendre la vérification"),
            success_message=_("La vérification est à refaire."),
            consequences=lambda one: [_("La réponse donnée et l’avis du rapporteur sont effacés.")],
        ),
        "avis": StepPage(
            "give_view",
            title=_("Que dit le rapporteur ?"),
            label=_("Noter l’avis du rapporteur"),
            success_message=_("L’avis du rapporteur est noté."),
            action=lambda one, user, data: check.give_view(one, by=user, **data),
            consequences=lambda one: [_("Il sera montré comme noté par l’équipe.")],
            form=RapporteurViewForm,
        ),
        "appeler": StepPage(
            "call",
            title=_("La présidence appelle cet amendement ?"),
            label=_("Appeler"),
            success_message=_("L’amendement est en discussion."),
        ),
        "voter": StepPage(
            "adopt",
            title=_("Combien de voix ?"),
            label=_("Noter le vote"),
            success_message=_("Le vote est noté."),
            action=lambda one, user, data: debate.vote(one, by=user, **data),
            consequences=lambda one: [
                _("Deux personnes comptent les mains levées. Le résultat s’écrit dans le compte rendu.")
            ],
            form=VoteForm,
        ),
        "sans-opposition": StepPage(
            "adopt",
            title=_("Personne ne s’oppose à cet amendement ?"),
            label=_("Adopté sans opposition"),
            success_message=_("L’amendement est adopté sans opposition."),
            action=lambda one, user, data: debate.consent(one, by=user),
            consequences=lambda one: [_("La présidence a demandé qui est contre ; personne n’a levé la main.")],
        ),
        "corriger": StepPage(
            "correct",
            title=_("Pourquoi corriger le résultat ?"),
            label=_("Corriger le résultat"),
            success_message=_("L’amendement est de nouveau en discussion."),
            action=lambda one, user, data: debate.correct(one, reason=data["reason"], by=user),
            consequences=lambda one: [
                _("Le texte amendé est refait. Ce qui est tombé peut être rétabli par la responsable de la mission.")
            ],
            form=AmendmentReasonForm,
            danger=True,
        ),
        "tomber": StepPage(
            "fall",
            title=_("Pourquoi cet amendement n’a-t-il plus d’objet ?"),
            label=_("Noter qu’il tombe"),
            consequences=lambda one: [gettext("Il n’est plus voté. L’auteur lit le motif.")],
            success_message=_("L’amendement est tombé."),
            action=lambda one, user, data: debate.fall(one, reason=data["reason"], by=user),
            form=AmendmentReasonForm,
        ),
        "retablir": StepPage(
            "restore",
            title=_("Pourquoi rétablir cet amendement ?"),
            label=_("Rétablir"),
            consequences=lambda one: [gettext("Il redevient à appeler, à sa place dans l’ordre d’appel.")],
            success_message=_("L’amendement est de nouveau à appeler."),
            form=AmendmentReasonForm,
        ),
        "fusionner": StepPage(
            "merge",
            title=_("Avec quel amendement le fusionner ?"),
            label=_("Fusionner avec un autre"),
            success_message=_("Les deux amendements n’en font plus qu’un."),
            action=lambda one, user, data: check.merge(one, data["into"], reason=data["reason"], by=user),
            consequences=lambda one: [_("Son auteur et ses cosignataires signent l’autre.")],
            form=MergeForm,
        ),
    },
    name="opinions:amendment-step",
    fetch=desk_amendment,
    back=back_to,
    eyebrow=amendment_label,
)
