"""Workflows of a scheme and of an application. The README of the mission has the same tables."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers.consequences import mail_consequences
from mission.grants import actions, deciding, deposits, papers, rules, step_forms
from mission.grants.documents.papers import AGREEMENT, DECISION
from mission.grants.enums import AWARDED, DECIDED, UNDECIDED, SchemeState
from mission.grants.enums import GrantState as S
from mission.grants.models import GrantApplication
from mission.registers.rules import LEAD
from mission.registers.steps import RegisterStep


def asked_lines(row: GrantApplication) -> list[str]:
    return [*mail_consequences([row.contact_email] if row.contact_email else []), *deposits.unconfirmed_notice(row)]


def reader_lines(row: GrantApplication) -> list[str]:
    return [gettext("Deux personnes lisent la demande et la notent, chacune sans voir les notes de l’autre.")]


def paid_lines(row: GrantApplication) -> list[str]:
    return [gettext("Les versements ne changent plus. L’association doit alors son compte rendu financier.")]


SCHEME_STEPS = [
    RegisterStep(
        "publish",
        {SchemeState.DRAFT},
        SchemeState.PUBLISHED,
        LEAD,
        primary=True,
        guards=(rules.check_publishable,),
    ).page(
        "publier",
        _("Publier"),
        _("a publié le dispositif"),
        _("Publier ce dispositif ?"),
        _("Le dispositif est publié : les associations peuvent déposer."),
        consequences=lambda row: [_("Ses règles ne changent plus : seul le dernier jour peut être repoussé.")],
        fresh=True,
    ),
    RegisterStep("close", {SchemeState.PUBLISHED}, SchemeState.CLOSED, LEAD).page(
        "clore",
        _("Clore"),
        _("a clos le dispositif"),
        _("Clore ce dispositif ?"),
        _("Le dispositif est clos."),
        consequences=lambda row: [_("Plus aucune demande ne peut y être déposée.")],
        danger=True,
    ),
]

STEPS = [
    RegisterStep("check", {S.RECEIVED}, S.COMPLETENESS_CHECK, primary=True).page(
        "verifier",
        _("Vérifier les pièces"),
        _("a commencé la vérification des pièces"),
        _("Commencer la vérification des pièces ?"),
        _("La vérification commence."),
    ),
    RegisterStep(
        "attach", {S.RECEIVED, S.COMPLETENESS_CHECK, S.INCOMPLETE, S.COMPLETE}, None, participle="document_attached"
    ).page(
        "joindre",
        _("Joindre un document"),
        _("a joint un document à la demande"),
        _("Joindre un document reçu par l’équipe"),
        _("Le document est joint."),
        form=step_forms.AttachForm,
        action=lambda row, user, data: actions.attach(row, data, by=user),
    ),
    RegisterStep(
        "accept",
        {S.COMPLETENESS_CHECK},
        S.COMPLETE,
        primary=True,
        guards=(rules.check_complete, rules.check_no_double),
    ).page(
        "declarer-complete",
        _("Déclarer complète"),
        _("a déclaré la demande complète"),
        _("La demande est-elle complète ?"),
        _("La demande est complète."),
    ),
    RegisterStep("ask", {S.COMPLETENESS_CHECK}, S.INCOMPLETE, participle="pieces_asked", primary=True).page(
        "demander-les-pieces",
        _("Demander ce qui manque"),
        _("a demandé ce qui manque"),
        _("Demander tout ce qui manque, en un seul courriel ?"),
        _("La demande attend ses pièces."),
        form=step_forms.MissingForm,
        action=lambda row, user, data: actions.ask_for(row, data, by=user),
        consequences=asked_lines,
    ),
    RegisterStep("complete", {S.INCOMPLETE}, S.COMPLETENESS_CHECK, changes=lambda row, taken: {"asked_for": ""}).page(
        "pieces-recues",
        _("Vérifier de nouveau"),
        _("a complété la demande"),
        _("Vérifier de nouveau les pièces ?"),
        _("La vérification reprend."),
    ),
    RegisterStep("assess", {S.COMPLETE}, S.ASSESSMENT, participle="assigned", primary=True).page(
        "instruire",
        _("Confier à deux lectures"),
        _("a confié la demande à deux personnes"),
        _("Qui lit cette demande ?"),
        _("La demande est en instruction."),
        form=step_forms.ReadersForm,
        action=lambda row, user, data: actions.assess(row, data, by=user),
        consequences=reader_lines,
    ),
    RegisterStep(
        "replace", {S.ASSESSMENT}, None, participle="reader_replaced", when=lambda row: row.score is None
    ).page(
        "remplacer",
        _("Remplacer qui lit"),
        _("a changé qui lit la demande"),
        _("Qui lit cette demande ?"),
        _("Les personnes qui lisent sont notées."),
        form=step_forms.ReadersForm,
        action=lambda row, user, data: actions.replace_readers(row, data, by=user),
        consequences=reader_lines,
    ),
    RegisterStep("declare", {*UNDECIDED}, None, participle="interest_declared").page(
        "lien-d-interet",
        _("Déclarer un lien d’intérêt"),
        _("a déclaré un lien d’intérêt"),
        _("Déclarer votre lien avec cette association ?"),
        _("Votre lien est noté : quelqu’un d’autre lit cette demande."),
        consequences=lambda row: [
            _("Vous ne lirez aucune demande de cette association. Vos notes sur celle-ci sont effacées.")
        ],
        form=step_forms.InterestForm,
        action=lambda row, user, data: actions.declare_interest(row, data["kind"], by=user),
    ),
    RegisterStep("score", {S.ASSESSMENT}, None, rules.READER, primary=True).page(
        "noter",
        _("Noter"),
        _("a noté la demande"),
        _("Votre lecture de cette demande"),
        _("Vos notes sont données."),
        form=step_forms.ScoreForm,
        action=lambda row, user, data: actions.score(row, data, by=user),
    ),
    RegisterStep("discuss", {S.ASSESSMENT}, None, primary=True, when=rules.needs_discussion).page(
        "echanger",
        _("Noter l’échange"),
        _("a noté l’échange entre les deux lectures"),
        _("Qu’a donné l’échange entre les deux personnes ?"),
        _("L’échange est noté."),
        form=step_forms.DiscussionForm,
        action=lambda row, user, data: actions.discuss(row, data, by=user),
    ),
    RegisterStep(
        "advise", {S.ASSESSMENT}, S.OPINION, primary=True, guards=(rules.check_readers_named, rules.check_marks)
    ).page(
        "rendre-avis",
        _("Rendre l’avis"),
        _("a rendu l’avis"),
        _("Quel avis, pour quel montant ?"),
        _("L’avis est rendu."),
        form=step_forms.OpinionForm,
        action=lambda row, user, data: actions.advise(row, data, by=user),
        consequences=lambda row: [
            gettext("L’avis et son montant sont lus par le comité. Les lectures ne changent plus.")
        ],
    ),
    RegisterStep("list", {S.OPINION}, S.COMMITTEE, primary=True).page(
        "au-comite",
        _("Inscrire au comité"),
        _("a inscrit la demande à la liste du comité"),
        _("Inscrire la demande à la liste du comité ?"),
        _("La demande est sur la liste du comité."),
    ),
    RegisterStep("vote", {S.COMMITTEE}, S.VOTED, primary=True).page(
        "voter",
        _("Noter le vote"),
        _("a noté le vote"),
        _("Qu’a voté l’assemblée départementale ?"),
        _("Le vote est noté."),
        form=step_forms.GrantVoteForm,
        action=lambda row, user, data: actions.note_vote(row, data, by=user),
        consequences=lambda row: [
            gettext("Le vote et son montant ne changent plus. L’association le lit quand vous l’annoncez.")
        ],
    ),
    RegisterStep("compose", {*DECIDED}, None, participle="decision_corrected", when=deciding.is_unsent).page(
        "corriger-le-message",
        _("Corriger le message"),
        _("a corrigé le message de la décision"),
        _("Ce que l’association lira"),
        _("Le message est corrigé : il part quand vous l’envoyez."),
        form=step_forms.DecisionMailForm,
        action=lambda row, user, data: deciding.correct(row, data, by=user),
        next_url=lambda row, result: reverse("mission:grants-step", args=[row.pk, "annoncer"]),
    ),
    RegisterStep(
        "send_decision",
        {*DECIDED},
        None,
        participle="decision_sent",
        primary=True,
        when=deciding.is_unsent,
        guards=(deciding.check_address,),
    ).page(
        "annoncer",
        _("Annoncer la décision"),
        _("a annoncé la décision à l’association"),
        _("Envoyer cette décision à l’association ?"),
        _("Le message est en cours d’envoi."),
        form=step_forms.SendDecisionForm,
        action=lambda row, user, data: deciding.send_decision(row, seen=data["seen"], by=user),
        consequences=deposits.unconfirmed_notice,
        template="mission/grants/decision_send.html",
        context=lambda row: {"text": deciding.letter_of(row)},
    ),
    RegisterStep(
        "seal_decision",
        {*DECIDED},
        None,
        LEAD,
        participle="decision_seal_asked",
        when=lambda row: papers.can_be_sealed(row, DECISION),
    ).page(
        "sceller-la-decision",
        _("Sceller la décision"),
        _("a demandé le cachet de la décision"),
        _("Sceller la décision ?"),
        _("Le cachet est demandé."),
        consequences=lambda row: [_("Le PDF scellé a une référence, et se vérifie par tout le monde.")],
        action=lambda row, user, data: papers.seal(row, DECISION, "seal_decision", by=user),
        next_url=lambda row, job: reverse("documents:rendition-progress", args=[job.public_id]),
        fresh=True,
    ),
    RegisterStep("sign", {S.VOTED}, S.AGREEMENT, primary=True).page(
        "convention",
        _("Noter la convention"),
        _("a noté la signature de la convention"),
        _("Quand la convention a-t-elle été signée ?"),
        _("La convention est notée."),
        form=step_forms.AgreementForm,
        action=lambda row, user, data: actions.sign(row, data, by=user),
    ),
    RegisterStep(
        "seal_agreement",
        {*AWARDED},
        None,
        LEAD,
        participle="agreement_seal_asked",
        when=lambda row: papers.can_be_sealed(row, AGREEMENT),
    ).page(
        "sceller-la-convention",
        _("Sceller la convention"),
        _("a demandé le cachet de la convention"),
        _("Sceller la convention ?"),
        _("Le cachet est demandé."),
        consequences=lambda row: [_("Le PDF scellé a une référence, et se vérifie par tout le monde.")],
        action=lambda row, user, data: papers.seal(row, AGREEMENT, "seal_agreement", by=user),
        next_url=lambda row, job: reverse("documents:rendition-progress", args=[job.public_id]),
        fresh=True,
    ),
    RegisterStep(
        "pay",
        {S.VOTED, S.AGREEMENT},
        S.PAID,
        participle="paid",
        primary=True,
        guards=(rules.check_agreement_signed, rules.check_payment),
    ).page(
        "verser",
        _("Noter comme versée"),
        _("a noté la subvention comme versée"),
        _("La subvention est-elle versée ?"),
        _("La subvention est versée."),
        consequences=paid_lines,
    ),
    RegisterStep("report", {S.PAID}, S.REPORTED, primary=True).page(
        "compte-rendu",
        _("Noter le compte rendu"),
        _("a noté le compte rendu financier"),
        _("Que dit le compte rendu financier ?"),
        _("Le compte rendu financier est noté."),
        form=step_forms.AccountForm,
        action=lambda row, user, data: actions.note_account(row, data, by=user),
    ),
    RegisterStep("close", {S.REPORTED}, S.CLOSED, primary=True, when_column="ended_on").page(
        "clore",
        _("Clore"),
        _("a clos la demande"),
        _("Clore cette demande ?"),
        _("La demande est close."),
        consequences=lambda row: [gettext("La demande ne change plus. Elle reste lisible.")],
    ),
    RegisterStep(
        "reject",
        {*UNDECIDED},
        S.REJECTED,
        reason_column="refusal",
        when_column="ended_on",
        changes=lambda row, taken: {"decided_on": timezone.localdate()},
    ).page(
        "refuser",
        _("Refuser"),
        _("a refusé la demande"),
        _("Refuser cette demande ?"),
        _("La demande est refusée."),
        danger=True,
        consequences=lambda row: [
            _("Le motif est écrit à l’association, avec les voies de recours, quand vous l’annoncez.")
        ],
    ),
    RegisterStep(
        "withdraw",
        {*UNDECIDED},
        S.WITHDRAWN,
        participle="withdrawn",
        when_column="ended_on",
    ).page(
        "retirer",
        _("Noter le retrait"),
        _("a retiré la demande"),
        _("L’association retire-t-elle sa demande ?"),
        _("La demande est retirée."),
        danger=True,
        consequences=lambda row: [gettext("Une demande retirée ne revient pas. L’association n’en est pas prévenue.")],
    ),
]
