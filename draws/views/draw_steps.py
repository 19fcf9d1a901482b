"""Steps of a draw in the back office, as pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_lead
from assembly.ui.french import format_moment
from draws.actions import ceremony, computation, confirmation, succession
from draws.actions import draw as actions
from draws.enums import CandidateState, DrawState, ExclusionReason
from draws.forms import draw as forms
from draws.models import Draw
from draws.models.draw import require_row
from draws.queries.confirmation import awaited
from draws.queries.draw import outcome_of, portfolio_of
from draws.queries.pool import volunteers_of
from draws.queries.renunciation import standing_entries
from draws.queries.succession import drawn_without_mandate, replacements
from draws.views.internal_steps import INTERNAL_PAGES, ceremony_page
from draws.workflows.draw import DRAW
from members.labels import late_warning
from members.rules import is_past_cutoff


def desk_draw(request: UserRequest, pk: int) -> Draw:
    """Return a draw of the reader’s terms; another one is 404."""
    return get_object_or_404(Draw.objects.visible_to(request.user).with_dossier(), pk=pk)


def desk_page(request: UserRequest, draw: Draw) -> str:
    return reverse("draws:draw", args=[draw.pk])


def to_examine_address() -> str:
    return f"{reverse('draws:candidates')}?{urlencode({'etat': CandidateState.SUBMITTED.value})}"


def draw_fix_url(request: UserRequest, draw: Draw, code: str) -> str:
    return to_examine_address() if code == "unexamined" else ""


def computation_page(draw: Draw, result: Any = None) -> str:
    return reverse("draws:computation", args=[draw.pk])


def freeze_lines(draw: Draw) -> list[str]:
    count = len(volunteers_of(draw.volunteer_call))
    lines = [
        ngettext(
            "%(n)s candidature entre dans la liste, sous un pseudonyme tiré au hasard.",
            "%(n)s candidatures entrent dans la liste, sous des pseudonymes tirés au hasard.",
            count,
        )
        % {"n": count},
        *exclusion_lines(draw),
        _("La liste ne change plus. Son empreinte est gardée, la table des pseudonymes est scellée."),
    ]
    if draw.contest_days:
        lines.append(
            ngettext(
                "Chaque volontaire a %(n)s jour pour contester.",
                "Chaque volontaire a %(n)s jours pour contester.",
                draw.contest_days,
            )
            % {"n": draw.contest_days}
        )
    return lines


def exclusion_lines(draw: Draw) -> list[str]:
    """Return how many are excluded without examination, by reason: whoever freezes did not prepare the draw."""
    lines = []
    for value, n in actions.application_counts(draw.volunteer_call)["exclusions"].items():
        message = ngettext(
            "%(n)s candidature est écartée sans examen (%(reason)s).",
            "%(n)s candidatures sont écartées sans examen (%(reason)s).",
            n,
        )
        lines.append(message % {"n": n, "reason": ExclusionReason(value).label})
    return lines


def write_lines(draw: Draw) -> list[str]:
    rows = standing_entries(draw)
    reached = rows.exclude(candidate__email="").count()
    lines = [
        ngettext("Un courriel part à %(n)s volontaire.", "Un courriel part à %(n)s volontaires.", reached)
        % {"n": reached}
    ]
    if others := rows.count() - reached:
        message = ngettext(
            "%(n)s volontaire n’a pas d’adresse électronique : appelez.",
            "%(n)s volontaires n’ont pas d’adresse électronique : appelez.",
            others,
        )
        lines.append(message % {"n": others})
    return lines


def gap_sentence(draw: Draw) -> str:
    portfolio = portfolio_of(draw)
    return str(portfolio.findings.get("sentence", "")) if portfolio else ""


def read_title(draw: Draw) -> str:
    return (
        _("Seconde lecture des boules et des dés") if is_second(draw) else _("Première lecture des boules et des dés")
    )


def is_second(draw: Draw) -> bool:
    last = draw.readings.order_by("round", "place").last()
    return last is not None and last.place == 1


def read_lines(draw: Draw) -> list[str]:
    if is_second(draw):
        return [
            _("Saisissez ce que vous voyez, sans regarder la première saisie."),
            _("Si les deux saisies sont identiques, le tirage est fait."),
        ]
    return [_("Saisissez ce que vous voyez. Une autre personne saisit à son tour, sur son écran.")]


def read_done(draw: Draw) -> str:
    if draw.state == DrawState.DRAWN:
        return _("Les deux lectures sont identiques : le tirage est fait.")
    if is_second(draw):
        return _("Votre lecture est gardée. Une autre personne fait la seconde.")
    return _("Les deux lectures diffèrent. Rien n’est tiré : relisez à voix haute, puis saisissez de nouveau.")


def propose_lines(draw: Draw) -> list[str]:
    count = len(drawn_without_mandate(draw, require_row(outcome_of(draw))))
    message = ngettext(
        "%(n)s personne devient membre, avec un mandat proposé sur un siège de son canton.",
        "%(n)s personnes deviennent membres, avec un mandat proposé sur un siège de leur canton.",
        count,
    )
    return [message % {"n": count}, _("Rien ne leur est envoyé : appelez chaque personne, puis notez sa réponse.")]


def remind_lines(draw: Draw) -> list[str]:
    count = awaited(draw).count()
    message = ngettext(
        "Un message est envoyé à %(n)s personne, ou une lettre si elle n’a pas de courriel.",
        "Un message est envoyé à %(n)s personnes, ou une lettre à celles qui n’ont pas de courriel.",
        count,
    )
    return [message % {"n": count}, _("Une seule relance par jour : la même personne n’en reçoit pas deux.")]


def replace_lines(draw: Draw) -> list[str]:
    """Return whom the rule names, seat by seat, before anybody accepts."""
    replacement = replacements(draw)
    pool = require_row(draw.pool)
    names = {row.pseudonym: row.applicant for row in pool.entries.select_related("candidate__canton")}
    lines = [_("La règle est écrite avant le tirage : la même case, puis le premier rang qui tient tous les quotas.")]
    lines += filter(None, [late_warning(draw.term)])
    for vacated, pair in replacement.pairs if replacement else ():
        values = {"seat": vacated.seat_label}
        if pair.id is None:
            lines.append(_("%(seat)s : personne n’est plus disponible.") % values)
            continue
        lines.append(_("%(seat)s : %(after)s.") % (values | {"after": names[pair.id].full_name}))
    return lines


def placements_page(draw: Draw, placed: Any) -> str:
    return reverse("draws:placements", args=[draw.pk])


def run_settle(draw: Draw, user: User, data: dict[str, Any]) -> None:
    actions.settle(draw, by=user, **data)


STEPS: StepPages[Draw] = StepPages(
    DRAW,
    {
        "reglages": StepPage(
            "settle",
            title=gettext_lazy("Où, quand, avec quels délais ?"),
            label=gettext_lazy("Date, lieu et délais"),
            success_message=gettext_lazy("Les réglages sont gardés."),
            form=forms.DrawSettingsForm,
            action=run_settle,
        ),
        "essai": StepPage(
            "ask_trial",
            title=gettext_lazy("Faire un essai à blanc ?"),
            label=gettext_lazy("Essai à blanc"),
            success_message=gettext_lazy("L’essai est lancé."),
            consequences=lambda draw: [
                _("Le calcul dit si les candidatures d’aujourd’hui permettent ces quotas. Il ne tire personne.")
            ],
            action=lambda draw, user, data: computation.ask_trial(draw, by=user),
            next_url=computation_page,
        ),
        "verifier": StepPage(
            "check",
            title=gettext_lazy("Tenir ces quotas pour vérifiés ?"),
            label=gettext_lazy("Déclarer vérifié"),
            success_message=gettext_lazy("Les quotas sont vérifiés. La ou le responsable peut figer la liste."),
            consequences=lambda draw: [
                _("La liste est ensuite figée par une personne qui n’a pas préparé ce tirage.")
            ],
        ),
        "figer": StepPage(
            "freeze",
            title=gettext_lazy("Figer la liste des candidatures ?"),
            label=gettext_lazy("Figer la liste"),
            success_message=gettext_lazy("La liste est figée."),
            consequences=freeze_lines,
            action=lambda draw, user, data: actions.freeze_list(draw, by=user),
            fresh=True,
        ),
        "ecrire": StepPage(
            "write",
            title=gettext_lazy("Écrire à chaque volontaire ?"),
            label=gettext_lazy("Écrire aux volontaires"),
            success_message=gettext_lazy("Les courriels partent."),
            consequences=write_lines,
            action=lambda draw, user, data: actions.write_to_volunteers(draw, by=user),
            fresh=True,
        ),
        "degeler": StepPage(
            "unfreeze",
            title=gettext_lazy("Dégeler la liste ?"),
            label=gettext_lazy("Dégeler la liste"),
            success_message=gettext_lazy("La liste est dégelée. Corrigez, refaites un essai, puis figez de nouveau."),
            consequences=lambda draw: [
                _("Cette version reste dans l’historique. La suivante aura d’autres pseudonymes.")
            ],
            form=ReasonForm,
            action=lambda draw, user, data: actions.unfreeze(draw, reason=data["reason"], by=user),
            fresh=True,
        ),
        "calculer": StepPage(
            "ask_portfolio",
            title=gettext_lazy("Calculer les lots ?"),
            label=gettext_lazy("Calculer les lots"),
            success_message=gettext_lazy("Le calcul est lancé."),
            consequences=lambda draw: [_("Dix mille billets numérotés, chacun lié à un panel conforme aux quotas.")],
            action=lambda draw, user, data: computation.ask_portfolio(draw, by=user),
            next_url=computation_page,
        ),
        "accepter-ecart": StepPage(
            "accept_gap",
            title=gettext_lazy("Accepter l’écart ?"),
            label=gettext_lazy("Accepter l’écart"),
            success_message=gettext_lazy("La décision est gardée : elle entre dans le procès-verbal."),
            consequences=lambda draw: [gap_sentence(draw)],
            form=ReasonForm,
        ),
        "annoncer": StepPage(
            "announce",
            title=gettext_lazy("Annoncer le tirage ?"),
            label=gettext_lazy("Annoncer"),
            success_message=gettext_lazy("Le tirage est annoncé : tout le monde peut télécharger les lots."),
            consequences=lambda draw: [
                _("Le tirage aura lieu le %(moment)s, %(place)s.")
                % {"moment": format_moment(draw.takes_place_at), "place": draw.place},
                _("Quotas, lots, certificat et empreintes deviennent publics. Rien n’en changera plus."),
            ],
            danger=True,
            fresh=True,
        ),
        "lecture": StepPage(
            "read",
            title=read_title,
            label=gettext_lazy("Saisir les boules et les dés"),
            success_message=read_done,
            consequences=read_lines,
            form=forms.DigitsForm,
            action=lambda draw, user, data: ceremony.read_digits(draw, by=user, **data),
            next_url=ceremony_page,
            fresh=True,
        ),
        "incident": StepPage(
            "report",
            title=gettext_lazy("Noter un incident"),
            label=gettext_lazy("Noter un incident"),
            success_message=gettext_lazy("L’incident est noté, avec l’heure."),
            form=forms.IncidentForm,
            action=lambda draw, user, data: ceremony.report_incident(draw, text=data["text"], by=user),
            next_url=ceremony_page,
        ),
        "presents": StepPage(
            "name_attendees",
            title=gettext_lazy("Qui est présent ?"),
            label=gettext_lazy("Personnes présentes"),
            success_message=gettext_lazy("Les personnes présentes sont notées."),
            form=forms.AttendeesForm,
            action=lambda draw, user, data: ceremony.name_attendees(draw, attendees=data["attendees"], by=user),
            next_url=ceremony_page,
        ),
        "proces-verbal": StepPage(
            "seal",
            title=gettext_lazy("Sceller le procès-verbal ?"),
            label=gettext_lazy("Sceller le procès-verbal"),
            success_message=gettext_lazy("Le procès-verbal est demandé."),
            consequences=lambda draw: [_("Relisez d’abord les incidents et les personnes présentes.")],
            action=lambda draw, user, data: ceremony.seal(draw, by=user),
            next_url=lambda draw, job: reverse("documents:rendition-progress", args=[job.public_id]),
            fresh=True,
        ),
        "constater": StepPage(
            "certify",
            title=gettext_lazy("Constater ce tirage ?"),
            label=gettext_lazy("Constater le tirage"),
            consequences=lambda draw: [
                _("Le résultat de la lecture est fixé. Les noms restent secrets jusqu’à leur publication.")
            ],
            success_message=gettext_lazy("Le tirage est constaté. La mission peut révéler les noms."),
            form=forms.CertifyForm,
            action=lambda draw, user, data: ceremony.certify(draw, by=user, **data),
            fresh=True,
        ),
        "reveler": StepPage(
            "reveal",
            title=gettext_lazy("Publier les noms et le procès-verbal ?"),
            label=gettext_lazy("Publier les noms"),
            success_message=gettext_lazy("Le tirage est révélé."),
            consequences=lambda draw: [
                _("Faites-le après la projection : le prénom, l’initiale et la commune deviennent publics."),
                _("Les candidatures changent d’état : tirées, suppléantes, non tirées."),
            ],
            action=lambda draw, user, data: ceremony.reveal(draw, by=user),
            danger=True,
            fresh=True,
        ),
        "mandats": StepPage(
            "propose_mandates",
            title=gettext_lazy("Proposer leur siège aux personnes tirées ?"),
            label=gettext_lazy("Proposer les mandats"),
            success_message=gettext_lazy("Les mandats sont proposés : appelez chaque personne."),
            consequences=propose_lines,
            form=forms.DeadlineForm,
            action=lambda draw, user, data: succession.propose_mandates(draw, by=user, **data),
            next_url=placements_page,
        ),
        "relancer": StepPage(
            "remind",
            title=gettext_lazy("Relancer les personnes qui n’ont pas répondu ?"),
            label=gettext_lazy("Relancer par courriel"),
            success_message=gettext_lazy("La relance est en cours d’envoi."),
            consequences=remind_lines,
            action=lambda draw, user, data: confirmation.remind(draw, by=user),
            next_url=placements_page,
            fresh=True,
        ),
        "remplacer": StepPage(
            "replace_vacated",
            title=gettext_lazy("Appliquer la règle de remplacement ?"),
            label=gettext_lazy("Remplacer les sièges vacants"),
            success_message=gettext_lazy("La règle est appliquée : appelez les personnes qu’elle désigne."),
            consequences=replace_lines,
            form=forms.ReplacementForm,
            action=lambda draw, user, data: succession.replace_vacated(draw, by=user, **data),
            next_url=placements_page,
            offered=lambda user, draw: is_lead(user, draw.term_id) or not is_past_cutoff(draw.term),
        ),
        **INTERNAL_PAGES,
        "annuler": StepPage(
            "void",
            title=gettext_lazy("Annuler ce tirage ?"),
            label=gettext_lazy("Annuler le tirage"),
            success_message=gettext_lazy("Le tirage est annulé. Il reste lisible, avec son motif."),
            consequences=lambda draw: [_("Un autre tirage pourra commencer, sous le numéro suivant.")],
            form=ReasonForm,
            action=lambda draw, user, data: actions.void_draw(draw, reason=data["reason"], by=user),
            danger=True,
            fresh=True,
        ),
    },
    name="draws:draw-step",
    fetch=desk_draw,
    back=desk_page,
    eyebrow=str,
    fix_url=draw_fix_url,
)
