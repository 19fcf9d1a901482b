"""The public form: asked for by an address, saved as often as one likes, sent once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.audit.actions import record
from assembly.audit.registry import declare
from assembly.documents.actions.uploads import accept_upload, forget_upload
from assembly.identity.actions.attempts import Limit, TooManyAttempts, count_attempt, may_attempt
from assembly.identity.attempts import (
    DAY,
    HOUR,
    ascii_address,
    mailbox_limits,
    network_limits,
    register_ceiling,
    stranger_limits,
)
from assembly.identity.models import User
from assembly.identity.personal_links import LASTING, address_digests, is_digest_of
from assembly.institution.actions.numbering import next_number
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.workflows import wake_senders
from assembly.ui.errors import StateConflict
from assembly.ui.fields import CheckedFile
from assembly.ui.file_kinds import MEGABYTE
from assembly.ui.printable import clean_text
from assembly.ui.words import date_words
from assembly.workflow import lock
from mission.grants import rules
from mission.grants.enums import GrantState
from mission.grants.models import DepositLink, GrantApplication, GrantDeposit, GrantDocument, GrantScheme, SchemePiece
from mission.registers.declaration import registers

LINK, RECEIPT, MISSING, DECISION = "grant-link", "grant-receipt", "grant-missing", "grant-decision"
MOST_TYPED = 5000
MOST_DOCUMENTS = 30
KIND = "grant-deposit"
declare(
    {
        "grant.deposited": gettext_lazy("a déposé la demande par le formulaire public"),
        "grant.address_confirmed": gettext_lazy("a confirmé l’adresse de l’association"),
    }
)
register_ceiling(KIND, gettext_lazy("Dépôt des demandes de subvention"), near=1000)
# A whole file of an association by one link; what one network may add in a day, kept or taken back.
MOST_BYTES = 100 * MEGABYTE
NETWORK_MEGABYTES = 300


def deposit_limits(ip: str, email: str) -> list[Limit]:
    """Return how many mails with a link strangers may make us send: to one address, from one place, in all."""
    return stranger_limits(KIND, ip, (20, HOUR), (60, DAY), emails=[email])


@transaction.atomic
def ask_link(scheme: GrantScheme, email: str, *, ip: str, now: datetime) -> None:
    """An address asks for its link: to what it had begun or sent, else to an empty form while the scheme is open.
    Nothing is on the page: the mail has the link."""
    email = ascii_address(email.strip().lower())
    try:
        count_attempt(deposit_limits(ip, email))
    except TooManyAttempts as refused:
        words = _("Trop de demandes pour le moment : réessayez demain, ou téléphonez-nous.")
        raise ValidationError(words, code="too_many_attempts") from refused
    scheme = lock(scheme)
    known = deposit_of(scheme, email)
    with transaction.atomic():
        write_link(LINK, known or GrantDeposit.objects.create(scheme=scheme, email=email), by=None)
        if known is None and not rules.is_open(scheme, now):
            # The same answer after the same work: neither tells whether an address has deposited.
            transaction.set_rollback(True)
            wake_senders()


def deposit_of(scheme: GrantScheme, email: str) -> GrantDeposit | None:
    """What this address began or sent; an application that the team typed in gets its deposit here."""
    mine = Q(application=None, email=email) | Q(application__contact_email__iexact=email)
    rows = GrantDeposit.objects.filter(mine, scheme=scheme).select_related("application")
    if (known := rows.order_by("application", "-pk").last()) is not None:
        return known
    typed = GrantApplication.objects.filter(scheme=scheme, contact_email__iexact=email, deposit=None)
    row = typed.order_by("pk").last()
    return GrantDeposit.objects.create(scheme=scheme, application=row) if row else None


def closed_words(scheme: GrantScheme) -> str:
    words = _("Le dépôt était possible jusqu’au %(day)s à minuit : cette demande arrive trop tard.")
    return words % {"day": date_words(scheme.closes_on)}


def write_link(kind: str, deposit: GrantDeposit, *, by: User | None) -> None:
    """A message with a new link, of which we keep the digest; the older ones of this address open the same page."""
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
    """The link that this token is, whatever became of it; None when it was made up, or its deposit is gone."""
    digest = rules.digest_of(token)
    rows = DepositLink.objects.select_related("deposit__scheme", "deposit__application").filter(digest=digest)
    return rows.first() if digest else None


def still_opens(link: DepositLink) -> bool:
    """Whether it is a link of the address on file, and its last day has not passed."""
    is_over = link.ends_on is None or link.ends_on < timezone.localdate()
    return not is_over and is_digest_of(link.address_digest, link.deposit.address)


@transaction.atomic
def renew_deposit_link(token: str, *, ip: str) -> None:
    """Send a new link to the address on file, if there is one: the answer does not tell. Raises TooManyAttempts."""
    count_attempt(deposit_limits(ip, rules.digest_of(token)))
    link = link_of(token)
    if link is not None and link.deposit.address and may_attempt(mailbox_limits(KIND, link.deposit.address)):
        write_link(LINK, link.deposit, by=None)


@transaction.atomic
def confirm_address(link: DepositLink) -> None:
    """Whoever reads the address of an application says that it is theirs: what waited for it leaves. Twice is once.

    Raises StateConflict where the address changed meanwhile, or nothing is sent yet.
    """
    deposit, row = link.deposit, link.deposit.application
    if row is None:
        raise StateConflict(deposit, "confirm")
    lock(row)
    lock(deposit)
    if not still_opens(link):
        raise StateConflict(deposit, "confirm")
    if deposit.is_confirmed:
        return
    GrantDeposit.objects.filter(pk=deposit.pk).update(email=row.contact_email)
    deposit.email = row.contact_email
    record("grant.address_confirmed", row, by=None)
    if row.state == GrantState.INCOMPLETE:
        write_link(MISSING, deposit, by=None)
    if row.told_at:
        write_link(DECISION, deposit, by=None)


@transaction.atomic
def save(deposit: GrantDeposit, typed: Mapping[str, str]) -> None:
    """Keep the words as they are, right or wrong."""
    lock(deposit)
    if deposit.application_id is None and typed:
        kept = {name: clean_text(words)[:MOST_TYPED] for name, words in typed.items()}
        GrantDeposit.objects.filter(pk=deposit.pk).update(typed=kept, saved_at=timezone.now())
        deposit.typed = kept


@transaction.atomic
def add_documents(deposit: GrantDeposit, files: Sequence[tuple[SchemePiece | None, CheckedFile]], *, ip: str) -> None:
    """Keep the files that passed the gate; raises ValidationError where a link or a network gives too many bytes."""
    if not files:
        return
    lock(deposit)
    size = sum(file.size for _piece, file in files)
    kept = deposit.documents.aggregate(size=Sum("upload__blob__size"))["size"] or 0
    if kept + size > MOST_BYTES:
        words = _("Les documents de cette demande pèsent plus de %(most)s Mo ensemble : réduisez-les, ou retirez-en.")
        raise ValidationError(words % {"most": MOST_BYTES // MEGABYTE}, code="bytes")
    limits = network_limits("grant-bytes", ip, (NETWORK_MEGABYTES, DAY))
    try:
        count_attempt(limits, weight=-(-size // MEGABYTE))
    except TooManyAttempts as refused:
        words = _("Trop de documents sont arrivés de votre réseau aujourd’hui : continuez demain, ou téléphonez-nous.")
        raise ValidationError(words, code="too_many_attempts") from refused
    for piece, file in files:
        add_document(deposit, piece, file)


def add_document(deposit: GrantDeposit, piece: SchemePiece | None, file: CheckedFile) -> None:
    if deposit.documents.count() >= MOST_DOCUMENTS:
        raise ValidationError(_("Trente documents au plus : retirez-en un avant d’en ajouter."), code="many")
    upload = accept_upload(file, by=None)
    GrantDocument.objects.create(deposit=deposit, application_id=deposit.application_id, piece=piece, upload=upload)


@transaction.atomic
def drop_document(deposit: GrantDeposit, document: GrantDocument) -> None:
    """Before it is sent, or while pieces are asked for."""
    lock(deposit)
    if not may_change_documents(deposit):
        raise StateConflict(deposit, "drop")
    upload = document.upload
    document.delete()
    forget_upload(upload, by=None)


def may_change_documents(deposit: GrantDeposit) -> bool:
    row = GrantApplication.objects.filter(deposit=deposit).first()
    return row is None or row.state == GrantState.INCOMPLETE


@transaction.atomic
def send(deposit: GrantDeposit, values: Mapping[str, Any], *, now: datetime) -> tuple[GrantApplication, bool]:
    """The application, and whether it is this click that made it. `now`: when the click came, before any wait.

    Raises ValidationError after midnight of the last day. Whoever typed the same number before takes nothing from this
    one: both are taken, the answer is the same, and the team looks (`rules.doubles_of`).
    """
    has_room = may_attempt(mailbox_limits(KIND, deposit.email))  # counters before the scheme, as `ask_link` locks them
    scheme = lock(deposit.scheme)
    lock(deposit)
    if deposit.application_id is not None:
        return GrantApplication.objects.get(pk=deposit.application_id), False
    if not rules.is_open(scheme, now):
        raise ValidationError(closed_words(scheme), code="closed")
    row = create_application(scheme, deposit, values, now)
    GrantDeposit.objects.filter(pk=deposit.pk).update(application=row, typed={})
    deposit.application, deposit.typed = row, {}
    deposit.documents.update(application=row)
    record("grant.deposited", row, by=None, documents=deposit.documents.count())
    if has_room:
        write_link(RECEIPT, deposit, by=None)
    return row, True


def create_application(
    scheme: GrantScheme, deposit: GrantDeposit, values: Mapping[str, Any], now: datetime
) -> GrantApplication:
    day = timezone.localdate(now)
    number = next_number(scheme.assembly, registers["grants"].prefix, day.year)
    row = GrantApplication(
        assembly_id=scheme.assembly_id,
        scheme=scheme,
        reference=f"{registers['grants'].prefix}-{day.year}-{number:02d}",
        contact_email=deposit.email,
        received_on=day,
        deposited_at=now,
        owner=scheme.owner,
        **values,
    )
    row.save(force_insert=True)
    return row


@transaction.atomic
def complete_by_link(deposit: GrantDeposit) -> None:
    """The association says that it has sent what was asked for. Twice is once: the second finds nothing to do."""
    if deposit.application is None:
        raise StateConflict(deposit, "complete")
    registers["grants"].workflow.follow(deposit.application, "complete", facts={"through": "link"})


@transaction.atomic
def withdraw(deposit: GrantDeposit) -> None:
    """By the link: what is not sent yet is erased, what is sent is withdrawn while nobody has decided. Raises
    StateConflict where it is decided, or was sent meanwhile. An application is locked before its deposit."""
    if deposit.application is not None:
        registers["grants"].workflow.follow(deposit.application, "withdraw", facts={"through": "link"})
        return
    lock(deposit)
    if deposit.application is not None:
        raise StateConflict(deposit.application, "withdraw")
    forget_deposit(deposit)


def mail_association(kind: str, row: GrantApplication, *, by: User) -> None:
    """To the address of the application. One that nobody confirmed is asked first: a link, and nothing of what is
    behind it; the message follows its answer."""
    deposit = GrantDeposit.objects.filter(application=row).first()
    if deposit is None:
        deposit = GrantDeposit.objects.create(scheme=row.scheme, application=row)
    deposit.application = row
    write_link(kind if deposit.is_confirmed else LINK, deposit, by=by)


def unconfirmed_words(row: GrantApplication) -> list[str]:
    """What is said before a message is sent to an address that nobody confirmed."""
    deposit = GrantDeposit.objects.filter(application=row).select_related("application").first()
    if not row.contact_email or (deposit is not None and deposit.is_confirmed):
        return []
    return [_("L’adresse n’est pas confirmée : un message le demande d’abord, et le reste part après la réponse.")]


# What is let go


def old_drafts(now: datetime) -> Any:
    """Forms that nobody sent, long after their last word."""
    return GrantDeposit.objects.filter(application=None, started_at__lt=now - rules.DRAFTS_KEPT).exclude(
        saved_at__gte=now - rules.DRAFTS_KEPT
    )


@transaction.atomic
def forget_deposit(deposit: GrantDeposit) -> None:
    for document in deposit.documents.select_related("upload__blob"):
        upload = document.upload
        document.delete()
        forget_upload(upload, by=None)
    GrantDeposit.objects.filter(pk=deposit.pk).delete()


def old_contacts(now: datetime) -> Any:
    """Applications that ended a year ago and still name somebody."""
    over = GrantApplication.objects.filter(ended_on__lt=timezone.localdate(now - rules.CONTACTS_KEPT))
    return over.exclude(contact_name="", contact_email="", contact_phone="")


@transaction.atomic
def forget_contact(row: GrantApplication) -> None:
    """Whom to call goes, and the link with its address; the grant of an association stays."""
    lock(row)
    GrantDocument.objects.filter(deposit__application=row).update(deposit=None)
    GrantDeposit.objects.filter(application=row).delete()
    GrantApplication.objects.filter(pk=row.pk).update(contact_name="", contact_email="", contact_phone="")
