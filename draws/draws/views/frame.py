"""Steps of a draw in the back office, as pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.rules import is_lead
from assembly.text.french import format_moment
from draws.draws.actions import preparation as actions
from draws.draws.models import require_row
from draws.draws.queries.draw import volunteers_of
from draws.draws.workflow.draw import DRAW
from draws.enums import CandidateState, DrawState, ExclusionReason
from draws.models import Draw
from draws.queries.confirmation import awaited
from draws.queries.draw import outcome_of, portfolio_of
from draws.queries.renunciation import standing_entries
from draws.succession.queries import drawn_without_mandate, replacements
from draws.views.internal_steps import ceremony_page, list_lines, naming_lines
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


STEPS: StepPages[Draw] = StepPages(
    DRAW,
    name="draws:draw-step",
    fetch=desk_draw,
    back=desk_page,
    eyebrow=str,
    fix_url=draw_fix_url,
)
STEPS.bind(
    "next_url",
    {
        "ask_trial": computation_page,
        "ask_portfolio": computation_page,
        "read": ceremony_page,
        "report": ceremony_page,
        "name_attendees": ceremony_page,
        "seal": lambda draw, job: reverse("documents:rendition-progress", args=[job.public_id]),
        "propose_mandates": placements_page,
        "remind": placements_page,
        "replace_vacated": placements_page,
        "note_refusal": ceremony_page,
        "name_people": ceremony_page,
    },
)
STEPS.bind(
    "consequences",
    {
        "freeze": freeze_lines,
        "write": write_lines,
        "accept_gap": lambda draw: [gap_sentence(draw)],
        "announce": lambda draw: [
            _("Le tirage aura lieu le %(moment)s, %(place)s.")
            % {"moment": format_moment(draw.takes_place_at), "place": draw.place},
            _("Quotas, lots, certificat et empreintes deviennent publics. Rien n’en changera plus."),
        ],
        "read": read_lines,
        "propose_mandates": propose_lines,
        "remind": remind_lines,
        "replace_vacated": replace_lines,
        "announce_list": list_lines,
        "name_people": naming_lines,
    },
)
STEPS.bind("question", {"read": read_title})
STEPS.bind("success_message", {"read": read_done})
STEPS.bind(
    "offered", {"replace_vacated": lambda user, draw: is_lead(user, draw.term_id) or not is_past_cutoff(draw.term)}
)
