"""Mails to associations: links to a deposit, the text of a decision, messages.

The text is built from the facts, corrected by anybody and sent once. The outbox holds a key and the link, which is
erased after sending.
"""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.dossiers.pages import CHANGED
from assembly.identity.models import User
from assembly.identity.personal_links import LASTING, address_digests, is_digest_of
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import format_date
from assembly.workflow.locks import share
from mission.grants import rules
from mission.grants.models import DepositLink, GrantApplication, GrantDeposit, GrantState
from mission.grants.queries import format_amount

LINK, RECEIPT, MISSING, DECISION = "grant-link", "grant-receipt", "grant-missing", "grant-decision"


def write_link(kind: str, deposit: GrantDeposit, *, by: User | None) -> None:
    """Send a message with a new link, stored as a digest; older links of this address open the same page."""
    token = rules.new_token()
    link = DepositLink.objects.create(
        deposit=deposit,
        digest=rules.digest_of(token),
        address_digest=next(iter(address_digests(deposit.address))),
        ends_on=timezone.localdate() + LASTING,
    )
    assembly = deposit.scheme.assembly
    distribute(
        kind,
        assembly,
        [Recipient(None, {"deposit": deposit.pk, "token": token}, mark=f"link:{link.pk}")],
        by=by,
        title=_("Demandes de subvention : messages aux associations"),
        key=f"{kind}:{link.pk}",
        assembly=assembly,
    )


def link_of(token: str) -> DepositLink | None:
    """Return the link of this token, whatever its state; None for a forged token or an erased deposit."""
    digest = rules.digest_of(token)
    rows = DepositLink.objects.select_related("deposit__scheme", "deposit__application").filter(digest=digest)
    return rows.first() if digest else None


def still_opens(link: DepositLink) -> bool:
    """Return whether the link is of the address on file and its last day has not passed."""
    is_over = link.ends_on is None or link.ends_on < timezone.localdate()
    return not is_over and is_digest_of(link.address_digest, link.deposit.address)


def mail_association(kind: str, row: GrantApplication, *, by: User) -> None:
    """Send a message to the address of the application, or only a link if nobody confirmed this address.

    The mail with the link contains nothing of the application; the message is sent once the address is confirmed.
    """
    deposit = GrantDeposit.objects.filter(application=row).first()
    if deposit is None:
        deposit = GrantDeposit.objects.create(scheme=row.scheme, application=row)
    deposit.application = row
    write_link(kind if deposit.is_confirmed else LINK, deposit, by=by)


def unconfirmed_notice(row: GrantApplication) -> list[str]:
    """Return the notice shown before a message is sent to an address that nobody confirmed."""
    deposit = GrantDeposit.objects.filter(application=row).select_related("application").first()
    if not row.contact_email or (deposit is not None and deposit.is_confirmed):
        return []
    return [_("L’adresse n’est pas confirmée : un message le demande d’abord, et le reste part après la réponse.")]


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


def check_seen(seen: str, *rows: GrantApplication) -> None:
    if seen != fingerprint(*rows):
        raise ValidationError(_("Le message a changé depuis que vous l’avez lu : relisez-le."), code=CHANGED)


GONE = "erased between the claim and the writing of the message"


class DepositMessage(MessageKind):
    """Mail of a deposit; its context has the key of the deposit, and the token of the link, stored nowhere else.

    Nothing is sent once the address differs from that of the link. An address that nobody confirmed receives only the
    question (`asks_address`).
    """

    erases_context = True
    asks_address: ClassVar[bool] = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        share(GrantDeposit.objects.filter(pk=delivery.context["deposit"]))
        link = link_of(delivery.context["token"])
        if link is None or not still_opens(link) or not (self.asks_address or link.deposit.is_confirmed):
            return None
        return "", link.deposit.address

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = GrantDeposit.objects.filter(pk=delivery.context["deposit"])
        row = rows.select_related("scheme", "application").first()
        if row is None:
            raise LookupError(GONE)
        return {
            "scheme": row.scheme,
            "application": row.application,
            "is_confirmed": row.is_confirmed,
            "asked": row.application.asked_for.splitlines() if row.application else [],
            "url": settings.SITE_URL + reverse("mission:grant-deposit", args=[delivery.context["token"]]),
        }


class GrantLink(DepositMessage):
    kind = LINK
    template = "mission/grants/mail/link"
    label = gettext_lazy("Lien d’une demande de subvention")
    asks_address = True


class GrantReceipt(DepositMessage):
    kind = RECEIPT
    template = "mission/grants/mail/receipt"
    label = gettext_lazy("Accusé de réception d’une demande de subvention")


class GrantMissing(DepositMessage):
    """Mail that lists everything missing, once."""

    kind = MISSING
    template = "mission/grants/mail/missing"
    label = gettext_lazy("Pièces manquantes d’une demande de subvention")


class GrantDecision(DepositMessage):
    """Mail of the decision, with the text that somebody read and sent."""

    kind = DECISION
    template = "mission/grants/mail/decision"
    label = gettext_lazy("Décision sur une demande de subvention")
