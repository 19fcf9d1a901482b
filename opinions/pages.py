"""What the pages of several features show: the frame of one opinion with its status and steps, its row, its texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.collab.document import recommendations as reader
from assembly.collab.document.plain_text import question_label
from assembly.collab.models import SharedText, TextRight
from assembly.collab.queries import coediting, tree_of
from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierFrame, DossierKind, Status, Tab, add_dossier_kind, awaited_for, tabs_of
from assembly.identity.http import UserRequest
from assembly.indicators.registry import Breakdown, Cells, Facts
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.text.french import format_date, format_moment, french_enumeration, in_days
from assembly.web.path import PathStep, path_of
from assembly.web.widgets import object_widgets, widgets_by_part
from opinions.amendments import rules as amendment_rules
from opinions.models import Opinion, OpinionSection, OpinionState, OpinionVersion, Recommendation
from opinions.opinions import rules
from opinions.opinions.queries import OpinionFigures, everybody, figures, members_of, sections_of, visible_opinion
from opinions.opinions.rules import can_read_as_member, can_see_desk
from opinions.opinions.workflow import OPINION
from opinions.versions.queries import last_version, recommendations_of


def desk_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the back office; raise PermissionDenied if it is visible in another area only."""
    opinion = visible_opinion(request.user, pk)
    if not can_see_desk(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


def team_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the back office, for the team only."""
    opinion = desk_opinion(request, pk)
    if not is_team(request.user, opinion.term_id):
        raise PermissionDenied
    return opinion


# Page where a missing value can be filled in, by the error code of the guard.
FIX_PAGES = {"sections": "outline", "suggestions": "text", "seal": "papers"}


def open_lines(opinion: Opinion) -> list[str]:
    count = len(members_of(sections_of(opinion)))
    message = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [message % {"n": count}, _("Chaque groupe trouve son texte, avec ses premiers titres.")]


def recipient_lines(opinion: Opinion) -> list[str]:
    count = len(everybody(opinion))
    message = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [message % {"n": count}, _("Le cabinet du président et l’élu·e référent·e aussi.")]


def window_lines(opinion: Opinion) -> list[str]:
    if opinion.amendments_close_at is None:
        return []
    message = _("Les membres de l’assemblée peuvent en déposer jusqu’au %(day)s.")
    return [message % {"day": format_moment(opinion.amendments_close_at)}]


STEPS = StepPages(
    OPINION,
    name="opinions:step",
    fetch=team_opinion,
    back=lambda request, opinion: reverse("opinions:opinion", args=[opinion.pk]),
    eyebrow=lambda opinion: f"{opinion.reference} {opinion.title}".strip(),
    fix_url=lambda request, opinion, code: (
        reverse(f"opinions:{FIX_PAGES[code]}", args=[opinion.pk]) if code in FIX_PAGES else ""
    ),
)
STEPS.bind(
    "consequences",
    {
        "open": open_lines,
        "table": lambda opinion: [
            _("Le texte est figé : plus personne n’y écrit. Les changements passent par des amendements."),
            _("Le point et le vote sont inscrits à l’ordre du jour de la séance."),
            *recipient_lines(opinion),
        ],
        "open_amendments": window_lines,
        "hand_over": lambda opinion: [
            _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation."),
            *recipient_lines(opinion),
        ],
    },
)

S = OpinionState


def status_of(opinion: Opinion, figures: OpinionFigures, can: Mapping[str, bool]) -> Status:
    """Return one state, one sentence, one button; the button only for those who may use it."""
    status = SENTENCES[OpinionState(opinion.state)](opinion, figures)
    if status.url in ASKS and can.get(ASKS[status.url]):
        return replace(status, url=reverse(f"opinions:{status.url}", args=[opinion.pk]))
    if status.url in STEPS.pages and can.get(STEPS.pages[status.url].name):
        return replace(status, url=STEPS.url(opinion, status.url))
    return Status(status.sentence, status.consequence)


# The button of each sentence below names a step, or one of these pages with the ability that it requires.
ASKS = {"outline": "plan", "checks": "follow_checks", "amendments": "parts", "papers": "hand_over"}


def waiting_sentence(names: Sequence[str]) -> str:
    """Return « On attend « Habiter », « Aidants » et 2 autres. »"""
    quoted = [f"« {name} »" for name in names]
    return _("On attend %(who)s.") % {"who": french_enumeration(quoted)} if names else ""


def day(moment: date | None) -> str:
    return format_date(moment, weekday=False)


def outline(opinion: Opinion, figures: OpinionFigures) -> Status:
    if not figures.sections:
        return Status(_("Plan en préparation : il n’a aucune partie."), "", _("Faire le plan"), "outline")
    sentence = ngettext("Plan prêt : %(n)s partie.", "Plan prêt : %(n)s parties.", figures.sections)
    consequence = _("Les membres de chaque groupe recevront un message et pourront écrire.")
    return Status(sentence % {"n": figures.sections}, consequence, _("Confier les textes"), "confier")


def drafting(opinion: Opinion, figures: OpinionFigures) -> Status:
    message = ngettext(
        "En rédaction : %(n)s partie validée sur %(all)s.",
        "En rédaction : %(n)s parties validées sur %(all)s.",
        figures.validated,
    )
    sentence = message % {"n": figures.validated, "all": figures.sections}
    return Status(
        sentence, waiting_sentence([_("«\u00a0%(title)s\u00a0»") % {"title": title} for title in figures.waited])
    )


def group_validated(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Tous les groupes ont validé leur texte.")
    if figures.directorates:
        consequence = _("Les directions peuvent maintenant lire et noter les préconisations.")
        return Status(sentence, consequence, _("Demander la lecture des directions"), "directions")
    consequence = _("Aucune direction n’est nommée dans la saisine.")
    return Status(sentence, consequence, _("Réunir les textes"), "reunir")


def services_check(opinion: Opinion, figures: OpinionFigures) -> Status:
    message = ngettext(
        "En lecture dans les directions : %(n)s rendue sur %(all)s.",
        "En lecture dans les directions : %(n)s rendues sur %(all)s.",
        figures.checks_given,
    )
    sentence = message % {"n": figures.checks_given, "all": figures.checks}
    if figures.checks_waited:
        return Status(sentence, waiting_sentence(figures.checks_waited), _("Voir qui lit encore"), "checks")
    return Status(sentence, "", _("Réunir les textes"), "reunir")


def consolidated(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = ngettext(
        "Réuni en un seul texte : %(n)s préconisation.",
        "Réuni en un seul texte : %(n)s préconisations.",
        figures.recommendations,
    )
    consequence = _("Relisez, donnez les thèmes, puis déposez l’avis pour une séance plénière.")
    return Status(sentence % {"n": figures.recommendations}, consequence, _("Déposer l’avis"), "deposer")


def where(opinion: Opinion) -> dict[str, str]:
    sitting = opinion.tabled_sitting
    if sitting is None:
        return {"day": "", "distance": ""}
    return {"day": format_date(sitting.starts_at), "distance": in_days(sitting.starts_at)}


def tabled(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Déposé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if opinion.amendments_open_at is None:
        return Status(sentence)
    consequence = _("Les amendements s’ouvrent le %(day)s.") % {"day": format_date(opinion.amendments_open_at)}
    return Status(sentence, consequence, _("Ouvrir les amendements"), "ouvrir-amendements")


def amending(opinion: Opinion, figures: OpinionFigures) -> Status:
    close = format_date(opinion.amendments_close_at)
    sentence = _("Ouvert aux amendements jusqu’au %(day)s.") % {"day": close}
    consequence = _("L’assemblée vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, f"{amendments_to_check(waits)} {consequence}")
    if opinion.amendments_close_at is not None and timezone.now() < opinion.amendments_close_at:
        return Status(sentence, consequence)
    return Status(sentence, consequence, _("Figer l’avis"), "figer")


def to_amendments(sentence: str, consequence: str) -> Status:
    """Return a status whose button leads the team to the amendments first."""
    return Status(sentence, consequence, _("Ouvrir les amendements reçus"), "amendments")


def amendments_to_check(n: int) -> str:
    message = ngettext("%(n)s amendement attend sa vérification.", "%(n)s amendements attendent leur vérification.", n)
    return message % {"n": n}


def frozen(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Figé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, amendments_to_check(waits))
    if waits := figures.amendments_to_call:
        message = ngettext(
            "%(n)s amendement reste à appeler avant le vote.",
            "%(n)s amendements restent à appeler avant le vote.",
            waits,
        )
        return to_amendments(sentence, message % {"n": waits})
    return Status(sentence, _("Le résultat vient tout seul quand le vote est proclamé."))


def voted(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Le vote sur l’ensemble est proclamé."), _("Il reste à proclamer les votes sur des parties."))


def adopted(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Adopté le %(day)s.") % {"day": day(opinion.adopted_on)}
    if figures.visas_waited:
        consequence = _("Avant le cachet, on attend le visa de : %(who)s.") % {
            "who": french_enumeration(figures.visas_waited)
        }
        return Status(sentence, consequence, _("Ouvrir les papiers"), "papers")
    consequence = _("On remet l’avis scellé. La remise ouvre le délai de réponse du Conseil départemental.")
    return Status(sentence, consequence, _("Noter la remise"), "remettre")


def rejected(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("L’assemblée ne l’a pas adopté le %(day)s.") % {"day": day(opinion.rejected_on)}
    consequence = _("La ou le responsable peut le rendre aux groupes.")
    return Status(sentence, consequence, _("Rouvrir l’avis"), "rouvrir")


def handed_over(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Remis le %(day)s.") % {"day": day(opinion.handed_over_on)}
    return Status(sentence, label=_("Publier l’avis"), url="publier")


def published(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Publié le %(day)s.") % {"day": day(opinion.published_at)})


def withdrawn(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Retiré le %(day)s.") % {"day": day(opinion.ended_at)}, opinion.end_reason)


SENTENCES = OpinionState.covers(
    {
        S.OUTLINE: outline,
        S.DRAFTING: drafting,
        S.GROUP_VALIDATED: group_validated,
        S.SERVICES_CHECK: services_check,
        S.CONSOLIDATED: consolidated,
        S.TABLED: tabled,
        S.AMENDING: amending,
        S.FROZEN: frozen,
        S.VOTED: voted,
        S.ADOPTED: adopted,
        S.REJECTED: rejected,
        S.HANDED_OVER: handed_over,
        S.PUBLISHED: published,
        S.WITHDRAWN: withdrawn,
    }
)


def context(request: UserRequest, opinion: Opinion, tab: str = "opinion", **more: Any) -> dict[str, Any]:
    """Return everything that `dossiers/frame.html` needs; `opinion` comes from `desk_opinion`."""
    can = OPINION.abilities(request.user, opinion) | rules.abilities(request.user, opinion)
    numbers = figures(opinion)
    status = status_of(opinion, numbers, can)
    frame = DossierFrame(
        row=opinion,
        title=opinion.title,
        name=opinion.reference or opinion.title,
        above=(_("Avis"), reverse("opinions:list")),
        status=status,
        path_name=_("Étapes de l’avis"),
        path=path(opinion),
        tabs_name=_("Onglets de l’avis"),
        tabs=tabs(request, opinion, numbers, tab),
        facts=facts(opinion),
        links=STEPS.links(request, opinion, url=status.url),
        edit=reverse("opinions:edit", args=[opinion.pk]) if can["edit"] else "",
        awaited=awaited_for(status, request.user, opinion),
    )
    return {"opinion": opinion, "can": can, "frame": frame} | more


def tabs(request: UserRequest, opinion: Opinion, numbers: OpinionFigures, current: str) -> list[Tab]:
    """Return the tabs that this reader has."""
    is_shown = {
        "checks": bool(numbers.checks) and is_team(request.user, opinion.term_id),
        "recommendations": bool(numbers.recommendations),
        "amendments": opinion.is_tabled,
        "vote": opinion.has_one_text,
        "papers": opinion.state != S.OUTLINE,
    }
    rows: list[tuple[str, str, int | str | None, str]] = [
        ("opinion", _("L’avis"), None, ""),
        ("checks", _("Directions"), f"{numbers.checks_given}/{numbers.checks}", _("lectures rendues")),
        ("recommendations", _("Préconisations"), numbers.recommendations, ""),
        ("amendments", _("Amendements"), None, ""),
        ("vote", _("Vote et suites"), None, ""),
        ("papers", _("Papiers"), None, ""),
        ("history", _("Historique"), None, ""),
    ]
    return tabs_of("opinions", opinion.pk, current, [row for row in rows if is_shown.get(row[0], True)])


def path(opinion: Opinion) -> list[PathStep]:
    """Return the whole path; a withdrawn opinion shows only where it stopped."""
    if opinion.state == S.WITHDRAWN:
        return path_of([(_("Retiré"), format_date(opinion.ended_at, weekday=False))], 0)
    steps_by_state = named_steps(opinion)
    is_decided = opinion.state in {S.ADOPTED, S.REJECTED}
    present = [*steps_by_state].index(S.VOTED if is_decided else S(opinion.state))
    rows = [(label, format_date(moment, weekday=False)) for label, moment in steps_by_state.values()]
    steps = path_of(rows, present)
    if opinion.state == S.ADOPTED:
        steps[present] = replace(steps[present], state="done")
    return steps


def named_steps(opinion: Opinion) -> dict[OpinionState, tuple[str, Any]]:
    """Return the name of each step on the path, with its date when it has one, by state."""
    sitting = opinion.tabled_sitting
    vote = opinion.adopted_on or opinion.rejected_on or (sitting.starts_at if sitting else None)
    decided = _("Rejeté") if opinion.state == S.REJECTED else _("Vote")
    return {
        S.OUTLINE: (_("Plan"), opinion.created_at),
        S.DRAFTING: (_("Rédaction"), None),
        S.GROUP_VALIDATED: (_("Validation"), None),
        S.SERVICES_CHECK: (_("Directions"), None),
        S.CONSOLIDATED: (_("Un seul texte"), opinion.consolidated_at),
        S.TABLED: (_("Dépôt"), opinion.tabled_at),
        S.AMENDING: (_("Amendements"), opinion.amendments_close_at),
        S.FROZEN: (_("Figé"), opinion.frozen_at),
        S.VOTED: (decided, vote),
        S.HANDED_OVER: (_("Remise"), opinion.handed_over_on),
        S.PUBLISHED: (_("Publication"), opinion.published_at),
    }


def facts(opinion: Opinion) -> list[tuple[str, Any]]:
    """Return the facts of an opinion, what is read most first."""
    sitting = opinion.tabled_sitting
    rows = [
        (_("Référence"), opinion.reference or _("donnée quand les textes sont réunis")),
        (_("Saisine"), f"{opinion.referral.reference} {opinion.referral.title}".strip()),
        (_("Suivi par"), opinion.officer.get_full_name()),
        (_("Rapporteur·e"), opinion.rapporteur.full_name if opinion.rapporteur else _("à désigner")),
        (_("Séance du vote"), f"{sitting.title}, {format_date(sitting.starts_at)}" if sitting else ""),
        (_("Amendements ouverts le"), format_date(opinion.amendments_open_at)),
        (_("Amendements fermés le"), format_date(opinion.amendments_close_at)),
        (_("Adopté le"), format_date(opinion.adopted_on)),
        (_("Remis le"), format_date(opinion.handed_over_on)),
        (_("Remis à"), opinion.handed_over_to),
        (_("Lieu de la remise"), opinion.handed_over_place),
        (_("Sur le site public depuis le"), format_date(opinion.published_at)),
    ]
    return [(label, value) for label, value in rows if value]


add_dossier_kind(
    DossierKind(
        Opinion,
        OPINION,
        rows=lambda user: Opinion.objects.visible_to(user).select_related("term"),
        page=rules.OPINION_PAGES.page_for,
        title=lambda opinion: f"{opinion.reference} {opinion.title}".strip(),
        scope=lambda opinion: (opinion.term.assembly_id, opinion.term_id),
    )
)


def member_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the members' area; raise Http404 when it is not visible."""
    opinion = visible_opinion(request.user, pk)
    if not rules.can_read_as_member(request.user, opinion):
        raise PermissionDenied
    return opinion


def text_of(section: OpinionSection) -> SharedText:
    """Return the text of a section; raise Http404 for a section of a plan, which has none yet."""
    return get_object_or_404(SharedText.objects.all(), pk=section.text_id)


def bench(request: UserRequest, text: SharedText, context: dict[str, Any]) -> HttpResponse:
    """Show the editor, or the text to read; raise Http404 without any right, as everywhere."""
    opened = coediting(text, request.user)
    if opened.right == TextRight.NONE:
        raise Http404
    shown = {"coedit": opened, "amend_url": amend_url(request, context["opinion"])}
    return render(request, "opinions/sections/text.html", {"outline": [], "section": None} | context | shown)


def amend_url(request: UserRequest, opinion: Opinion) -> str:
    """Return where late words may still become an amendment, "" if nowhere."""
    if amendment_rules.can_propose(request.user, opinion, timezone.now()):
        return reverse("opinions:my-amend-text", args=[opinion.pk])
    return ""


def member_tabled_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return a tabled opinion for a member; raise Http404 when it is not visible."""
    rows = Opinion.objects.visible_to(request.user).select_related("term__assembly", "tabled_sitting", "rapporteur")
    opinion = get_object_or_404(rows, pk=pk)
    if not can_read_as_member(request.user, opinion):
        raise PermissionDenied
    return opinion


@dataclass(frozen=True)
class Reading:
    """The six questions of one recommendation with their answers as HTML."""

    title: str
    answers: list[tuple[str, str]]


def source_tree(recommendation: Recommendation) -> dict[str, Any] | None:
    """Return the tree with its present text: the last version, else the one text, else the text of its group."""
    opinion = recommendation.opinion
    version = last_version(opinion)
    if version is not None and opinion.is_tabled:
        return version.tree
    if opinion.has_one_text and opinion.text is not None and recommendation.is_active:
        return tree_of(opinion.text)
    section = recommendation.section
    return tree_of(section.text) if section is not None and section.text is not None else None


def recommendation_page(recommendation: Recommendation) -> Reading:
    """Return the title and the answers, without empty ones."""
    tree = source_tree(recommendation)
    node = str(recommendation.node_id)
    text = next((row for row in reader.read_all(tree) if row.node_id == node), None) if tree else None
    if text is None:
        return Reading(recommendation.title, [])
    answers = [(question_label(prompt), text.html[prompt]) for prompt in text.fields if text.fields[prompt].strip()]
    return Reading(text.title, answers)


def recommendation_widgets(user: Any, opinion: Opinion) -> dict[str, Any]:
    """Return each recommendation with the widgets that apps above add to it, and those on the whole opinion."""
    parts = widgets_by_part("own-opinion-part", user, opinion)
    recommendations = recommendations_of(opinion) if opinion.has_one_text else []
    return {
        "lead": object_widgets("opinion-lead", user, opinion),
        "on_whole": parts.get("", ""),
        "recommendations": [(row, parts.get(str(row.node_id), "")) for row in recommendations],
    }


def version_to_read(opinion: Opinion) -> OpinionVersion | None:
    """Return the present version, once tabled."""
    return last_version(opinion) if opinion.is_tabled else None


def opinions_of(term: Term) -> Cells:
    rows = Opinion.objects.filter(term=term).exclude(reference="").order_by("reference__alphabetical", "pk")
    return {str(pk): f"{reference} {title}" for pk, reference, title in rows.values_list("pk", "reference", "title")}


def by_opinion(path: str) -> Breakdown:
    return Breakdown(
        "avis", gettext_lazy("avis"), lambda term, day: path, opinions_of, is_public=False, facts=Facts.DATED
    )
