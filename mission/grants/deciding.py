"""Mail that announces a decision to an association: built from the facts, corrected by anybody, sent once."""

import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.pages import CHANGED
from assembly.identity.models import User
from assembly.text.french import format_date
from mission.grants.deposits import DECISION, mail_association
from mission.grants.documents.papers import format_amount
from mission.grants.enums import GrantState
from mission.grants.models import GrantApplication, GrantScheme
from mission.registers.declaration import registers


def letter_of(row: GrantApplication) -> str:
    """Return the text of the mail: the corrected one, else the one built from the facts."""
    return row.decision_text or (refusal_text(row) if row.state == GrantState.REJECTED else award_text(row))


def award_text(row: GrantApplication) -> str:
    params = {
        "reference": row.reference,
        "project": row.project,
        "amount": format_amount(row.voted_amount),
        "requested": format_amount(row.requested),
        "day": format_date(row.decided_on),
        "decision": row.decision_reference or "–",
    }
    parts = [
        _(
            "Votre demande %(reference)s, « %(project)s », est acceptée : le %(day)s, l’assemblée départementale a "
            "voté une subvention de %(amount)s à votre association (délibération %(decision)s)."
        )
        % params
    ]
    if row.voted_amount and row.voted_amount < row.requested:
        parts.append(_("Vous aviez demandé %(requested)s.") % params)
    if row.needs_agreement:
        parts.append(
            _(
                "Au-dessus de 23 000 €, une convention est signée avant tout versement : "
                "vous la recevrez pour la signer."
            )
        )
    parts += [
        _(
            "Dans les six mois qui suivent la fin du projet, vous nous rendrez un compte rendu financier. "
            "Il est demandé avant toute nouvelle subvention."
        ),
        row.assembly.authority_name,
    ]
    return "\n\n".join(parts)


def refusal_text(row: GrantApplication) -> str:
    params = {
        "reference": row.reference,
        "project": row.project,
        "reason": row.refusal or "–",
        "authority": row.assembly.authority_name,
    }
    parts = [
        _("Votre demande %(reference)s, « %(project)s », n’est pas retenue."),
        _("Motif : %(reason)s"),
        _(
            "Vous pouvez contester cette décision dans les deux mois qui suivent ce message :\n"
            "- en demandant à la collectivité (%(authority)s) de l’examiner de nouveau ;\n"
            "- ou devant le tribunal administratif, par courrier ou sur www.telerecours.fr."
        ),
        _(
            "Si vous demandez d’abord un nouvel examen dans ce délai, vous avez deux mois à compter de sa réponse "
            "pour saisir le tribunal. Sans réponse pendant deux mois, le nouvel examen est refusé."
        ),
        "%(authority)s",
    ]
    return "\n\n".join(part % params for part in parts)


def fingerprint(*rows: GrantApplication) -> str:
    """Return a digest of what was read before sending: the recipients and the texts."""
    contents = [f"{row.pk} {row.contact_email} {letter_of(row)}" for row in rows]
    return hashlib.sha256("\n".join(contents).encode()).hexdigest()[:32]


def is_unsent(row: GrantApplication) -> bool:
    return row.decision_sent_at is None


def check_address(row: GrantApplication) -> None:
    if not row.contact_email:
        raise ValidationError(
            _("Aucun courriel n’est connu : notez-le, ou envoyez la décision par la poste."), code="contact_email"
        )


def decisions_to_send(scheme: GrantScheme) -> QuerySet[GrantApplication]:
    """Return the decided applications whose association has not been informed yet."""
    rows = GrantApplication.objects.filter(
        scheme=scheme, state__in=GrantState.tagged("decided"), decision_sent_at=None
    )
    return rows.select_related("assembly").order_by("state", "reference")


@transaction.atomic
def correct(row: GrantApplication, *, text: str, by: User) -> None:
    registers["grants"].workflow.transition(row, "compose", by=by, decision_text=text)


@transaction.atomic
def send_decision(row: GrantApplication, *, seen: str, by: User) -> None:
    """Send the mail with the text that was read, and store this text on the application."""
    workflow = registers["grants"].workflow
    step = workflow.require(row, "send_decision", by=by)
    check_seen(seen, row)
    workflow.take(row, step, by=by, decision_text=letter_of(row), decision_sent_at=timezone.now())
    mail_association(DECISION, row, by=by)


def check_seen(seen: str, *rows: GrantApplication) -> None:
    if seen != fingerprint(*rows):
        raise ValidationError(_("Le message a changé depuis que vous l’avez lu : relisez-le."), code=CHANGED)


@transaction.atomic
def send_all_decisions(scheme: GrantScheme, *, seen: str, by: User) -> int:
    """Send every mail that the page of the list showed, or none. Those without an address are left to the post."""
    rows = with_address(decisions_to_send(scheme).select_for_update(of=["self"], no_key=True))
    check_seen(seen, *rows)
    for row in rows:
        send_decision(row, seen=fingerprint(row), by=by)
    return len(rows)


def with_address(rows: Iterable[GrantApplication]) -> list[GrantApplication]:
    return [row for row in rows if row.contact_email]


def format_unsent(count: int) -> str:
    """Return the sentence of the page that asks before sending."""
    return ngettext("%(n)s message partira.", "%(n)s messages partiront.", count) % {"n": count}


def format_sent(count: int) -> str:
    """Return the sentence of the page that follows the sending."""
    return ngettext("%(n)s message est en cours d’envoi.", "%(n)s messages sont en cours d’envoi.", count) % {
        "n": count
    }
