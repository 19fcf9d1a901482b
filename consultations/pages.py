"""What the pages of one referral share: look-ups, steps, the sentence of its state, the frame around each page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, ngettext

from assembly.dossiers import StepPages
from assembly.dossiers.frame import (
    DossierFrame,
    DossierKind,
    Status,
    add_dossier_kind,
    awaited_for,
    state_status,
    tabs_of,
)
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.text.french import format_date, french_enumeration, in_days, the_name
from assembly.web.path import PathStep, path_of
from consultations.models import Referral, ReferralState
from consultations.referrals import rules
from consultations.referrals.queries import (
    DOSSIER,
    ReferralFigures,
    coming_plenaries,
    council_answer_sentence,
    figures,
    named_directorates,
)
from consultations.referrals.rules import can_brief
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.referrals.workflow.shared_steps import missing_parts
from consultations.reviews.queries import referral_address


def desk_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for the back office; unseen is 404, seen in another area only is 403."""
    referral = DOSSIER(request.user, pk)
    if not rules.can_see_desk(request.user, referral.term_id):
        raise PermissionDenied
    return referral


def referral_name(referral: Referral) -> str:
    return f"{referral.reference} {referral.title}".strip()


def desk_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:referral", args=[referral.pk])


def field_page(request: UserRequest, referral: Referral, field: str) -> str:
    """Return the address where a field that the letter lacks is filled in."""
    if not rules.can_edit(request.user, referral):
        return ""
    return f"{reverse('consultations:edit', args=[referral.pk])}#id_{field}"


def has_coming_plenary(user: User, referral: Referral) -> bool:
    return coming_plenaries(referral).exists()


STEPS = StepPages(
    REFERRAL,
    name="consultations:step",
    fetch=desk_referral,
    back=desk_page,
    eyebrow=referral_name,
    fix_url=field_page,
)


def briefed_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for a user who prepares its pack; raise PermissionDenied otherwise."""
    referral = desk_referral(request, pk)
    if not can_brief(request.user, referral):
        raise PermissionDenied
    return referral


def team_self_referral(request: UserRequest, pk: int) -> Referral:
    """Return a self-referral for the team; the facilitator has the other tabs only."""
    referral = desk_referral(request, pk)
    if not referral.is_self_referral:
        raise Http404
    if not is_team(request.user, referral.term_id):
        raise PermissionDenied
    return referral


SELF_REFERRAL_STEPS = StepPages(
    REFERRAL,
    "self_referral",
    name="consultations:self-referral-step",
    fetch=team_self_referral,
    back=lambda request, referral: reverse("consultations:suggestion", args=[referral.pk]),
    eyebrow=referral_name,
)

S = ReferralState


def status_of(referral: Referral, figures: ReferralFigures, missing: Sequence[str], can: Mapping[str, bool]) -> Status:
    """Return one state, one sentence, one button for who may use it; `missing`: labels of what the letter lacks."""
    status = SENTENCES[ReferralState(referral.state)](referral, figures, missing)
    needs, url = button(referral, status.url) if status.url else ("", "")
    return replace(status, url=url) if can.get(needs, False) else Status(status.sentence, status.consequence)


def outside_status(referral: Referral) -> Status:
    """Return the status for readers outside the back office: the sentence, without directorates nor a button."""
    return status_of(referral, ReferralFigures(), [], {})


# Pages that a button leads to, with the right that each requires; the other buttons are steps.
PAGES = {
    "edit": "edit",
    "review-ask": "ask_reviews",
    "reviews": "ask_reviews",
    "committees": "assign",
    "briefing": "brief",
}


def button(referral: Referral, name: str) -> tuple[str, str]:
    """Return the right that a button requires, and its address; the steps of a self-referral are on one tab."""
    if name in PAGES:
        return PAGES[name], reverse(f"consultations:{name}", args=[referral.pk])
    if name in SELF_REFERRAL_STEPS.pages:
        return SELF_REFERRAL_STEPS.pages[name].name, reverse("consultations:suggestion", args=[referral.pk])
    return STEPS.pages[name].name, STEPS.url(referral, name)


def awaited_sentence(figures: ReferralFigures) -> str:
    """Return « On attend la Direction des Mobilités et la Direction de l’Autonomie. »."""
    names = [the_name(request.name) for request in figures.awaited]
    return _("On attend %(who)s.") % {"who": french_enumeration(names)} if names else ""


def given_sentence(figures: ReferralFigures) -> str:
    if not figures.given:
        return _("Aucune contribution rendue sur %(all)s.") % {"all": figures.asked}
    template = ngettext(
        "%(n)s contribution rendue sur %(all)s.", "%(n)s contributions rendues sur %(all)s.", figures.given
    )
    return template % {"n": figures.given, "all": figures.asked}


def reviews_sentence(figures: ReferralFigures) -> str:
    return f"{given_sentence(figures)} {awaited_sentence(figures)}".strip() if figures.asked else ""


def draft(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if missing:
        sentence = _("En préparation : il manque %(what)s.") % {"what": french_enumeration(missing)}
        return Status(sentence, _("Les directions ne la voient pas encore."), _("Compléter la saisine"), "edit")
    return Status(
        _("Prête pour l’instruction."),
        _("Les directions nommées et le cabinet pourront la lire."),
        _("Mettre à l’instruction"),
        "instruire",
    )


def internal_review(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if missing:
        sentence = _("En instruction : il manque %(what)s pour l’émettre.") % {"what": french_enumeration(missing)}
        return Status(sentence, awaited_sentence(figures), _("Compléter la saisine"), "edit")
    office = _("Le cabinet du président peut l’émettre.")
    if not figures.asked:
        sentence = _("En instruction : aucune contribution n’est demandée.")
        return Status(sentence, office, _("Demander des contributions"), "review-ask")
    text = given_sentence(figures)
    sentence = _("En instruction : %(given)s") % {"given": text[0].lower() + text[1:]}
    consequence = awaited_sentence(figures) or office
    return Status(sentence, consequence, _("Enregistrer la lettre signée"), "lettre-signee")


def issued(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    consequence = reviews_sentence(figures)
    if figures.reception == "planned" and figures.sitting:
        template = _("Émise le %(day)s : l’assemblée la reçoit le %(sitting)s, %(distance)s.")
        moment = figures.sitting.starts_at
        where = {"day": day(referral.issued_at), "sitting": day(moment), "distance": in_days(moment)}
        return Status(template % where, consequence)
    sentence = _("Émise le %(day)s : l’assemblée doit la recevoir en séance.") % {"day": day(referral.issued_at)}
    if figures.reception == "held":
        return Status(sentence, consequence, _("Noter la réception"), "recevoir")
    if figures.reception == "announce":
        return Status(sentence, consequence, _("Inscrire à l’ordre du jour"), "inscrire")
    return Status(sentence, consequence or _("Aucune séance plénière n’est prévue."))


def accepted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Reçue par l’assemblée le %(day)s.") % {"day": day(referral.accepted_on)}
    return start_work(referral, sentence)


def adopted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return start_work(referral, _("L’assemblée a adopté cette auto-saisine."))


def start_work(referral: Referral, sentence: str) -> Status:
    if not getattr(referral, "committees_count", 0):
        consequence = _("Aucun groupe n’en est chargé.")
        return Status(sentence, consequence, _("Confier à des groupes"), "committees")
    return Status(sentence, _("Les groupes sont nommés."), _("Ouvrir les travaux"), "demarrer")


def in_progress(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if referral.due_on is None:
        return Status(_("L’assemblée travaille."), awaited_sentence(figures), _("Donner une date"), "edit")
    template = (
        _("L’avis était attendu le %(day)s, %(distance)s.")
        if referral.is_late
        else _("L’assemblée travaille : avis attendu le %(day)s, %(distance)s.")
    )
    sentence = template % {"day": day(referral.due_on), "distance": in_days(referral.due_on)}
    consequence = reviews_sentence(figures) if figures.awaited else ""
    pack = getattr(referral, "briefing", None)
    if not getattr(referral, "committees_count", 0):
        return Status(
            sentence, consequence or _("Aucun groupe n’en est chargé."), _("Confier à des groupes"), "committees"
        )
    if pack is None or not pack.is_released:
        closed = _("Le dossier documentaire n’est pas ouvert aux membres.")
        return Status(sentence, consequence or closed, _("Préparer le dossier"), "briefing")
    if figures.late:
        return Status(sentence, consequence, _("Voir les contributions"), "reviews")
    return Status(sentence, consequence, _("Noter l’adoption de l’avis"), "avis-adopte")


def opinion_adopted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return Status(
        _("L’avis est adopté : il reste à le remettre."),
        _("La remise ouvre le délai de réponse du Conseil départemental."),
        _("Noter la remise"),
        "remettre",
    )


def handed_over(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    if answers := council_answer_sentence(referral):
        return Status(_("L’avis est remis. %(answers)s") % {"answers": answers})
    return Status(_("L’avis est remis : on attend la réponse du Conseil départemental."))


def answered(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Le Conseil départemental a répondu.")
    consequence = _("La ou le responsable la clôt quand chaque préconisation a une réponse finale.")
    return Status(sentence, consequence, _("Clore la saisine"), "clore")


def withdrawn(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    return Status(_("Retirée le %(day)s.") % {"day": day(referral.ended_at)}, referral.end_reason)


def merged(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    into = referral.merged_into
    other = (into.reference or _("«\u00a0%(title)s\u00a0»") % {"title": into.title}) if into else ""
    sentence = _("Réunie avec %(other)s le %(day)s.") % {"other": other, "day": day(referral.ended_at)}
    return Status(sentence, referral.end_reason)


def shortlisted(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Présélectionnée : sa recevabilité reste à étudier.")
    return Status(sentence, "", _("Étudier la recevabilité"), "recevabilite")


def under_check(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sentence = _("Recevabilité à l’étude.")
    consequence = reviews_sentence(figures)
    return Status(sentence, consequence, _("Étudier la recevabilité"), "avis-du-conseil")


def put_to_vote(referral: Referral, figures: ReferralFigures, missing: Sequence[str]) -> Status:
    sitting = referral.vote_item.sitting if referral.vote_item else None
    if sitting is None:
        return Status(_("À l’ordre du jour d’une séance plénière."))
    template = _("Mise aux voix à la séance du %(day)s, %(distance)s.")
    sentence = template % {"day": format_date(sitting.starts_at), "distance": in_days(sitting.starts_at)}
    return Status(sentence, _("Le résultat du scrutin proclamé s’inscrit ici tout seul."))


def day(value: Any) -> str:
    return format_date(value, weekday=False)


SENTENCES = ReferralState.covers(
    {
        S.DRAFT: draft,
        S.INTERNAL_REVIEW: internal_review,
        S.ISSUED: issued,
        S.ACCEPTED: accepted,
        S.SHORTLISTED: shortlisted,
        S.ADMISSIBILITY_CHECK: under_check,
        S.PUT_TO_VOTE: put_to_vote,
        S.ADOPTED: adopted,
        S.IN_PROGRESS: in_progress,
        S.OPINION_ADOPTED: opinion_adopted,
        S.HANDED_OVER: handed_over,
        S.ANSWERED: answered,
        S.WITHDRAWN: withdrawn,
        S.MERGED: merged,
    },
    partial(state_status, REFERRAL),
)


def dossier_context(request: UserRequest, referral: Referral, tab: str, **more: Any) -> dict[str, Any]:
    """Build the context of `consultations/frame.html`, then `more`; `referral` is from `desk_referral`."""
    can = REFERRAL.abilities(request.user, referral) | rules.abilities(request.user, referral)
    numbers = figures(referral)
    status = status_of(referral, numbers, missing_labels(referral), can)
    frame = DossierFrame(
        row=referral,
        title=referral.title,
        name=referral.reference or _("Sujet proposé"),
        above=(_("Saisines"), reverse("consultations:list")),
        status=status,
        path_name=_("Étapes de la saisine"),
        path=path(referral),
        tabs_name=_("Onglets de la saisine"),
        tabs=tabs_of("consultations", referral.pk, tab, tab_rows(request.user, referral, numbers)),
        facts=facts(referral),
        links=STEPS.links(request, referral, url=status.url),
        edit=reverse("consultations:edit", args=[referral.pk]) if can["edit"] else "",
        awaited=awaited_for(status, request.user, referral),
    )
    return {"referral": referral, "can": can, "figures": numbers, "frame": frame} | more


def missing(referral: Referral) -> list[ValidationError]:
    """List what the letter lacks while it may still be written."""
    return missing_parts(referral) if referral.state in S.tagged("unissued") else []


def missing_labels(referral: Referral) -> list[str]:
    return [str(error.params["what"]) for error in missing(referral) if error.params]


def tab_rows(user: User, referral: Referral, numbers: ReferralFigures) -> list[tuple[str, str, int | str | None, str]]:
    """Return for each tab: name of the address, label, count, what is counted.

    The facilitator has those of the work, never the thread nor the directorates' answers.
    """
    progress = f"{numbers.given}/{numbers.asked}" if numbers.asked else None
    counted: Any = referral  # its counts are columns of `dossier`
    hidden = set() if is_team(user, referral.term_id) else {"suggestion", "reviews", "thread"}
    rows = [
        ("referral", _("La saisine"), None, ""),
        *([("suggestion", _("Recevabilité et vote"), None, "")] if referral.is_self_referral else []),
        ("reviews", _("Contributions des directions"), progress, _("contributions rendues")),
        ("committees", _("Groupes et séances"), counted.committees_count, _("groupes")),
        ("briefing", _("Dossier"), counted.documents_count, _("documents")),
        ("hearings", _("Auditions"), counted.hearings_count, ""),
        ("thread", _("Fil"), counted.messages_count, _("messages")),
        ("history", _("Historique"), None, ""),
    ]
    return [row for row in rows if row[0] not in hidden]


def path(referral: Referral) -> list[PathStep]:
    """Return the whole path of its origin; a referral that stopped early shows where it stopped."""
    if rules.is_stopped_early(referral):
        first = named_step(S.SUGGESTED if referral.is_self_referral else S.DRAFT, referral)
        sent = [named_step(S.ISSUED, referral)] if referral.issued_at else []
        ended = format_date(referral.ended_at, weekday=False) if referral.ended_at else ""
        rows = [first, *sent, (str(referral.get_state_display()).capitalize(), ended)]
        return path_of(rows, len(rows) - 1)
    states = [state for state in S.tagged(referral.origin, "started") if state.state.path]
    present = S(S(referral.state).state.path_at or referral.state)
    place = states.index(present) if present in states else len(states)
    return path_of([named_step(step, referral) for step in states], place)


def named_step(step: ReferralState, referral: Referral) -> tuple[str, str]:
    """Return the label of the step on the path, and its date when it has one."""
    moment: Any = referral if step.state.path_date else None
    for name in step.state.path_date.split("."):
        moment = moment and getattr(moment, name)
    return str(step.state.path), format_date(moment, weekday=False) if moment else ""


def facts(referral: Referral) -> list[tuple[str, Any]]:
    """Return the facts of a referral, what is read most first."""
    named = named_directorates(referral)
    lead = next((row.directorate.name for row in named if row.is_lead), "")
    others = ", ".join(row.directorate.name for row in named if not row.is_lead)
    rows = [
        (_("Référence"), referral.reference or _("pas encore donnée")),
        (referral.due_label, format_date(referral.due_on) if referral.due_on else _("à fixer")),
        (_("Direction pilote"), lead or ("" if referral.is_self_referral else _("à désigner"))),
        (_("Suivie par"), referral.officer.get_full_name() if referral.officer else _("à désigner")),
        (_("Origine"), str(referral.get_origin_display()).capitalize()),
        (_("Proposée par"), referral.suggested_by.get_full_name() if referral.suggested_by else ""),
        (_("Directions associées"), others),
        (_("Début des travaux"), format_date(referral.work_starts_on)),
        (_("Décision éclairée"), decision_label(referral)),
        (_("Émise par"), referral.issued_by.get_full_name() if referral.issued_by else ""),
        (_("Réponse du Conseil"), answer_link(referral)),
        (_("Sur le site public depuis le"), format_date(referral.published_at)),
    ]
    return [(label, value) for label, value in rows if value]


def answer_link(referral: Referral) -> str:
    """Return the link to the document recorded for an opinion that was not written here."""
    if referral.answer_document is None:
        return ""
    address = reverse("documents:upload", args=[referral.answer_document.public_id])
    return format_html('<a href="{}">{}</a>', address, format_date(referral.answered_on))


def decision_label(referral: Referral) -> str:
    """Return « Schéma Autonomie, 15 décembre 2026 »."""
    day = format_date(referral.target_decision_on, weekday=False) if referral.target_decision_on else ""
    return ", ".join(part for part in (referral.target_decision, day) if part)


add_dossier_kind(
    DossierKind(
        Referral,
        REFERRAL,
        rows=lambda user: Referral.objects.visible_to(user).select_related("term"),
        page=referral_address,
        title=lambda referral: f"{referral.reference} {referral.title}".strip(),
        scope=lambda referral: (referral.term.assembly_id, referral.term_id),
    )
)
