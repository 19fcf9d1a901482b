"""Frame of every page of one draw, and its steps as pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _, ngettext

from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierFrame, DossierKind, Status, add_dossier_kind, awaited_for, tabs_of
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_lead
from assembly.institution.workflow import TERM
from assembly.text.french import format_date, format_moment
from assembly.web.path import PathStep, path_of
from draws.calls.queries import count_unexamined
from draws.draws.actions import preparation
from draws.draws.models import require_row
from draws.draws.queries.draw import (
    has_parity,
    holders,
    may_be_drawn,
    open_contestations,
    outcome_of,
    portfolio_of,
    quota_lines,
    running_computation,
    volunteers_of,
)
from draws.draws.workflow import guards
from draws.draws.workflow.draw import DRAW
from draws.draws.workflow.guards import unexamined_message
from draws.models import CandidateState, Draw, DrawState, DrawState as S, ExclusionReason
from draws.succession.queries import awaited, drawn_without_mandate, replacements, standing_entries
from members.forms import late_warning
from members.rules import is_past_cutoff


def ceremony_page(draw: Draw, result: Any = None) -> str:
    return reverse("draws:ceremony", args=[draw.pk])


def list_lines(draw: Draw) -> list[str]:
    count = may_be_drawn(draw.term_id, draw.drawn_among_id).count()
    message = ngettext("%(n)s membre peut être tiré.", "%(n)s membres peuvent être tirés.", count)
    values = {"moment": format_moment(draw.takes_place_at), "place": draw.place}
    return [
        message % {"n": count},
        _("Pseudonymes, lots et empreintes : rien n’en changera plus."),
        _("Qui ne siège plus le jour de la publication, ou renonce, laisse sa place à la réserve, dans son ordre."),
        _("Le tirage aura lieu le %(moment)s, %(place)s.") % values,
    ]


def naming_lines(draw: Draw) -> list[str]:
    people = require_row(holders(draw)).people
    lines = [
        ", ".join(one.mandate.member.person.public_name for one in people) or _("Personne n’est plus disponible.")
    ]
    if draw.committee:
        lines.append(_("Ces personnes entrent dans « %(name)s ».") % {"name": draw.committee.name})
    return [*lines, _("Le prénom, l’initiale et le canton deviennent publics, avec le procès-verbal.")]


def desk_draw(request: UserRequest, pk: int) -> Draw:
    """Return a draw of the reader’s terms; another one is 404."""
    return get_object_or_404(Draw.objects.visible_to(request.user).with_dossier(), pk=pk)


def desk_page(request: UserRequest, draw: Draw) -> str:
    return reverse("draws:draw", args=[draw.pk])


def to_examine_address() -> str:
    return f"{reverse('draws:candidates')}?{urlencode({'etat': CandidateState.SUBMITTED.value})}"


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
    for value, n in preparation.application_counts(draw.volunteer_call)["exclusions"].items():
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
    fix_url=lambda request, draw, code: to_examine_address() if code == "unexamined" else "",
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

INTERNAL_PATH = [S.DRAFT, S.ANNOUNCED, S.DRAWN, S.REVEALED]
NEXT = ("verifier", "figer", "annoncer", "constater", "reveler")


def draw_context(request: UserRequest, draw: Draw, tab: str, **more: Any) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs, then `more`."""
    status = status_of(request, draw)
    frame = DossierFrame(
        row=draw,
        title=draw.title or _("Tirage au sort %(reference)s") % {"reference": draw.reference},
        name=draw.reference,
        above=(_("Tirages au sort"), reverse("draws:list")),
        status=status,
        path_name=_("Étapes du tirage"),
        path=path(draw),
        tabs_name=_("Onglets du tirage"),
        tabs=tabs_of("draws", draw.pk, tab, tab_rows(request, draw)),
        facts=facts(draw),
        links=STEPS.links(request, draw, url=status.url),
        awaited=awaited_for(status, request.user, draw),
    )
    return {"draw": draw, "frame": frame, "can": DRAW.abilities(request.user, draw)} | more


def tab_rows(request: UserRequest, draw: Draw) -> list[tuple[str, str, int | str | None, str]]:
    is_team = guards.can_prepare(request.user, draw.term_id)
    waiting = open_contestations(draw).count() if is_team else 0
    rows: list[tuple[str, str, int | str | None, str]] = [("draw", _("Le tirage"), None, "")]
    if is_team and not draw.is_internal:
        rows += [("quotas", _("Quotas"), None, ""), ("computation", _("Calculs"), None, "")]
    if draw.pool_id:
        rows.append(("pool", _("Liste figée"), waiting or None, _("contestations sans réponse")))
    rows += [("ceremony", _("Séance"), None, "")]
    if is_team and draw.revealed_at and not draw.is_internal:
        rows.append(("placements", _("Mandats"), None, ""))
    rows += [("history", _("Historique"), None, "")]
    return rows


def path(draw: Draw) -> list[PathStep]:
    named = {
        S.DRAFT: (_("Préparation"), draw.created_at),
        S.CHECKED: (_("Vérification"), None),
        S.FROZEN: (_("Liste figée"), draw.frozen_at),
        S.COMPUTED: (_("Lots"), None),
        S.ANNOUNCED: (_("Annonce"), draw.announced_at),
        S.DRAWN: (_("Tirage"), draw.drawn_at or draw.takes_place_at),
        S.CERTIFIED: (_("Constat"), draw.certified_at),
        S.REVEALED: (_("Noms publics"), draw.revealed_at),
    }
    states = INTERNAL_PATH if draw.is_internal else [*named]
    rows = [(named[step][0], format_date(named[step][1], weekday=False) if named[step][1] else "") for step in states]
    if draw.state == S.VOID:
        rows = [rows[0], (_("Annulé"), format_date(draw.voided_at, weekday=False))]
        return path_of(rows, 1)
    return path_of(rows, states.index(S(draw.state)))


def status_of(request: UserRequest, draw: Draw) -> Status:
    """Return the state in a sentence, and the next step of this reader."""
    slug = STEPS.first_ready(request.user, draw, next_slugs(draw))
    label, url = (str(STEPS.pages[slug].label), STEPS.url(draw, slug)) if slug else ("", "")
    sentence, consequence = sentence_of(draw)
    if slug != "mandats" and may_note_draw(request.user, draw):
        consequence = _("La mandature peut passer à « tirée au sort ».")
        label = _("Noter le tirage de la mandature")
        url = reverse("institution:term-step", args=[draw.term_id, "tirage"])
    if draw.state == S.CHECKED and (n := count_unexamined(draw.volunteer_call)):
        consequence = unexamined_message(n)
        if guards.can_prepare(request.user, draw.term_id):
            label, url = _("Voir les candidatures à examiner"), to_examine_address()
    poll = ""
    if running := running_computation(draw):
        sentence = _("%(what)s en cours.") % {"what": str(running.get_kind_display()).capitalize()}
        consequence, label, url = _("Vous pouvez quitter cette page."), _("Suivre le calcul"), ""
        url = reverse("draws:computation", args=[draw.pk])
        poll = reverse("draws:draw", args=[draw.pk])
    return Status(sentence, consequence, label, url, poll)


def may_note_draw(user: User, draw: Draw) -> bool:
    """Return whether the reader may record in the term that it is drawn: the last step of a draw."""
    term = draw.term
    if draw.is_internal:
        return False
    return draw.state == S.REVEALED and TERM.can_take(user, term, "draw") and not TERM.missing(term, "draw")


def next_slugs(draw: Draw) -> tuple[str, ...]:
    is_placed = bool(draw.place and draw.takes_place_at)
    if draw.is_internal:
        first = "figer-liste" if is_placed else "fonction"
        by_internal = {S.DRAFT: (first,), S.ANNOUNCED: ("lecture",), S.DRAWN: ("nommer", "proces-verbal")}
        return by_internal.get(S(draw.state), ())
    unplaced = () if is_placed else ("reglages",)
    by_state = {
        S.DRAFT: ("verifier", "essai"),
        S.CHECKED: ("figer",),
        S.FROZEN: ("calculer",),
        S.COMPUTED: ("annoncer", "accepter-ecart", *unplaced),
        S.ANNOUNCED: ("lecture",),
        S.DRAWN: ("constater", "proces-verbal"),
        S.CERTIFIED: ("reveler",),
        S.REVEALED: ("mandats", "remplacer"),
    }
    return by_state.get(S(draw.state), ())


def sentence_of(draw: Draw) -> tuple[str, str]:
    internal = {
        S.DRAFT: (
            _("Le tirage est en préparation."),
            _("Figer la liste des membres annonce aussi le tirage : c’est une seule étape."),
        ),
        S.DRAWN: (_("Le tirage est fait."), _("Le procès-verbal est scellé, puis les noms sont publiés.")),
    }
    if draw.is_internal and draw.state in internal:
        return internal[S(draw.state)]
    return shared_sentence(draw)


def shared_sentence(draw: Draw) -> tuple[str, str]:
    match S(draw.state):
        case S.DRAFT:
            return _("Les quotas sont en préparation."), _("Un essai à blanc dit s’ils sont possibles.")
        case S.CHECKED:
            consequence = _("La liste est figée par la ou le responsable, qui n’a pas préparé ce tirage.")
            return _("Les quotas sont vérifiés sur les candidatures."), consequence
        case S.FROZEN | S.COMPUTED:
            until = format_moment(draw.contest_ends_at)
            first = _("La liste est figée.") if draw.state == S.FROZEN else _("Les lots sont calculés.")
            return first, _("Les volontaires peuvent contester jusqu’au %(until)s.") % {"until": until}
        case S.ANNOUNCED:
            if is_second(draw):
                return _("La première lecture est faite."), _("Une autre personne saisit les boules et les dés.")
            values = {"moment": format_moment(draw.takes_place_at), "place": draw.place}
            return _("Tout est public."), _("Le tirage a lieu le %(moment)s, %(place)s.") % values
        case S.DRAWN:
            return _("Le tirage est fait."), _("Le procès-verbal est scellé, puis constaté.")
        case S.CERTIFIED:
            return _("Le tirage est constaté."), _("Les noms sont projetés canton par canton, puis publiés.")
        case S.REVEALED:
            return _("Les noms sont publics."), _("Le tirage est terminé.")
    return _("Ce tirage est annulé."), draw.void_reason


def facts(draw: Draw) -> list[tuple[str, Any]]:
    """Return the facts of a draw, what is read most first."""
    public = ""
    if draw.announced_at:
        public = format_html(
            '<a href="{}">{}</a>', reverse("draws:public", args=[draw.reference]), _("Voir la page publique")
        )
    frozen = str(draw.pool.size) if draw.pool else ""
    ceiling = [(_("Plafond des chances"), f"{draw.ceiling:.0%}" if draw.ceiling else _("aucun"))]
    rule = [(_("Version des quotas"), str(draw.quotas.number) if draw.quotas else "")]
    if draw.is_internal:
        is_parity = has_parity(quota_lines(draw))
        ceiling = [
            (_("Parmi"), draw.drawn_among.name if draw.drawn_among else _("tous les membres en exercice")),
            (_("Siègent ensuite dans"), draw.committee.name if draw.committee else ""),
        ]
        rule = [(_("Règle"), _("autant de femmes que d’hommes") if is_parity else _("sans condition"))]
    rows = [
        (_("Mandature") if draw.is_internal else _("Appel"), draw.term.name),
        (_("Préparé par"), draw.prepared_by.get_full_name()),
        (_("Places") if draw.is_internal else _("Sièges"), str(draw.quotas.seats) if draw.quotas else ""),
        *rule,
        (_("Membres dans la liste") if draw.is_internal else _("Candidatures figées"), frozen),
        (_("Figée par"), draw.frozen_by.get_full_name() if draw.frozen_by else ""),
        *ceiling,
        (_("Tirage prévu"), format_moment(draw.takes_place_at) if draw.takes_place_at else _("à fixer")),
        (_("Lieu"), draw.place),
        (_("Constaté par"), draw.witness_name),
        (_("Site public"), public),
    ]
    return [(label, value) for label, value in rows if value]


add_dossier_kind(
    DossierKind(
        Draw,
        DRAW,
        rows=lambda user: Draw.objects.visible_to(user).with_dossier(),
        page=lambda draw, user: reverse("draws:draw", args=[draw.pk]),
        title=lambda draw: f"{draw.reference} {draw.title}".strip(),
        scope=lambda draw: (draw.term.assembly_id, draw.term_id),
    )
)
