"""Steps of an application that write more than its state; the public form, its links and its erasure.

An address receives its link, saves the form as often as it likes, and sends it once.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.actions.uploads import accept_upload, erase_upload
from assembly.documents.models import Rendition, Upload
from assembly.files.fields import CheckedFile
from assembly.files.file_kinds import MEGABYTE
from assembly.identity.attempts import (
    DAY,
    HOUR,
    Limit,
    TooManyAttempts,
    anonymous_limits,
    ascii_address,
    count_attempt,
    mailbox_limits,
    may_attempt,
    network_limits,
)
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.notifications.workflow import wake_senders
from assembly.text.french import format_date
from assembly.text.printable import clean_text
from assembly.web.errors import StateConflict
from assembly.workflow import lock
from mission.grants import mails, rules
from mission.grants.models import (
    DepositLink,
    GrantApplication,
    GrantDeposit,
    GrantDocument,
    GrantPayment,
    GrantScheme,
    GrantScore,
    GrantState,
    ReaderInterest,
    SchemePiece,
)
from mission.grants.queries import PaperKind, decisions_to_send, marks_by_reader, with_address
from mission.registers.declaration import registers
from opinions.papers.actions import reuse_or_request


def grant_steps() -> Any:
    return registers["grants"].workflow


@transaction.atomic
def attach(row: GrantApplication, *, piece: SchemePiece, file: UploadedFile | CheckedFile, by: User) -> GrantDocument:
    """Attach a document that the team received on paper or by mail."""
    step = grant_steps().require(row, "attach", by=by)
    upload: Upload = accept_upload(file, by=by)
    document = GrantDocument.objects.create(application=row, piece=piece, upload=upload)
    grant_steps().take(row, step, by=by, facts={"upload": upload.pk})
    return document


@transaction.atomic
def ask_for(row: GrantApplication, *, asked: Sequence[str], by: User) -> None:
    """Send one mail that lists everything missing, with the link by which to complete the application."""
    text = "\n".join(asked)[:3000]
    grant_steps().transition(row, "ask", by=by, facts={"pieces": len(asked)}, asked_for=text)
    if row.contact_email:
        mails.mail_association(mails.MISSING, row, by=by)


def check_readers(row: GrantApplication, *readers: User) -> None:
    for reader in readers:
        if rules.has_interest(reader.pk, row.siret, row.rna):
            raise ValidationError(_("Cette personne a un lien avec l’association."), code="first")


@transaction.atomic
def name_readers(row: GrantApplication, step_name: str, *, first: User, second: User, by: User) -> None:
    """Name or replace the readers of an application; raise ValidationError for one who has given marks."""
    step = grant_steps().require(row, step_name, by=by)
    check_readers(row, first, second)
    columns: dict[str, Any] = {}
    for slot, chosen in (("first", first), ("second", second)):
        if chosen.pk == getattr(row, f"{slot}_reader_id"):
            continue
        if getattr(row, f"{slot}_read_at"):
            raise ValidationError(_("Cette lecture est déjà rendue : elle reste."), code=slot)
        columns[f"{slot}_reader"] = chosen
    grant_steps().take(row, step, by=by, **columns)


@transaction.atomic
def score(row: GrantApplication, *, by: User, **points: int) -> None:
    """Record the marks of a reader, once. Those of the second reader also set the score of the application."""
    step = grant_steps().require(row, "score", by=by)
    if rules.has_interest(by.pk, row.siret, row.rna):
        raise PermissionDenied
    criteria = list(row.scheme.criteria.order_by("pk"))
    GrantScore.objects.bulk_create(
        GrantScore(application=row, reader=by, criterion=each, points=points[f"criterion-{each.pk}"])
        for each in criteria
    )
    slot = "first" if row.first_reader_id == by.pk else "second"
    columns: dict[str, Any] = {f"{slot}_read_at": timezone.now()}
    other = row.second_read_at if slot == "first" else row.first_read_at
    if other is not None:
        totals = [rules.weighted(rows) for rows in marks_by_reader(row).values()]
        columns |= {"score": sum(totals) / len(totals), "gap": max(totals) - min(totals)}
    grant_steps().take(row, step, by=by, **columns)


@transaction.atomic
def declare_interest(row: GrantApplication, kind: str, *, by: User) -> None:
    """Record a tie to the association; remove the reader and their marks from its applications under assessment."""
    step = grant_steps().require(row, "declare", by=by)
    ReaderInterest.objects.get_or_create(
        user=by, siret=row.siret, rna=row.rna, defaults={"assembly_id": row.assembly_id, "kind": kind}
    )
    grant_steps().take(row, step, by=by)
    same = GrantApplication.objects.filter(rules.same_association(row.siret, row.rna), assembly=row.assembly_id)
    for each in same.filter(state=GrantState.ASSESSMENT, opinion="").order_by("pk"):
        leave_reading(lock(each), by)
    row.refresh_from_db()


def leave_reading(row: GrantApplication, reader: User) -> None:
    slot = "first" if row.first_reader_id == reader.pk else "second" if row.second_reader_id == reader.pk else ""
    if not slot:
        return
    row.scores.filter(reader=reader).delete()
    GrantApplication.objects.filter(pk=row.pk).update(
        **{f"{slot}_reader": None, f"{slot}_read_at": None}, score=None, gap=None, discussion=""
    )


@transaction.atomic
def sign(row: GrantApplication, *, agreement_signed_on: date, by: User) -> None:
    if row.decided_on and agreement_signed_on < row.decided_on:
        raise ValidationError(_("La convention se signe après le vote."), code="agreement_signed_on")
    grant_steps().transition(row, "sign", by=by, agreement_signed_on=agreement_signed_on)


def write_payment(line: GrantPayment, data: dict[str, Any], by: User) -> dict[str, Any]:
    """Lock the grant and return the columns of a payment; raise if it is not agreed or exceeds what was voted."""
    row = lock(line.row)
    if not rules.is_payable(row):
        raise StateConflict(row, "pay")
    rules.check_agreement_signed(row)
    left = (row.voted_amount or Decimal(0)) - rules.paid_sum(row, but=line.pk)
    if data["amount"] > left:
        raise ValidationError(
            _("Il reste %(left)s € à verser sur le montant voté.") % {"left": f"{left:.2f}".replace(".", ",")},
            code="amount",
        )
    return data


@transaction.atomic
def correct(row: GrantApplication, *, text: str, by: User) -> None:
    registers["grants"].workflow.transition(row, "compose", by=by, decision_text=text)


@transaction.atomic
def send_decision(row: GrantApplication, *, seen: str, by: User) -> None:
    """Send the mail with the text that was read, and store this text on the application."""
    workflow = registers["grants"].workflow
    step = workflow.require(row, "send_decision", by=by)
    mails.check_seen(seen, row)
    workflow.take(row, step, by=by, decision_text=mails.letter_of(row), decision_sent_at=timezone.now())
    mails.mail_association(mails.DECISION, row, by=by)


@transaction.atomic
def send_all_decisions(scheme: GrantScheme, *, seen: str, by: User) -> int:
    """Send every mail that the page of the list showed, or none. Those without an address are left to the post."""
    rows = with_address(decisions_to_send(scheme).select_for_update(of=["self"], no_key=True))
    mails.check_seen(seen, *rows)
    for row in rows:
        send_decision(row, seen=mails.fingerprint(row), by=by)
    return len(rows)


@transaction.atomic
def print_paper(row: GrantApplication, paper: PaperKind, *, by: User) -> Rendition:
    if not rules.can_read_papers(by, row):
        raise PermissionDenied
    return reuse_or_request(row, paper.printed, by=by)


@transaction.atomic
def seal(row: GrantApplication, paper: PaperKind, step_name: str, *, by: User) -> Rendition:
    workflow = registers["grants"].workflow
    step = workflow.require(row, step_name, by=by)
    workflow.take(row, step, by=by)
    return request_rendition(row, paper.sealed, by=by)


MOST_TYPED = 5000
MOST_DOCUMENTS = 30
KIND = "grant-deposit"
# All documents added by one link; what one network may add in a day, including what was deleted again.
MOST_BYTES = 100 * MEGABYTE
NETWORK_MEGABYTES = 300


def deposit_limits(ip: str, email: str) -> list[Limit]:
    """Return the rate limits of mails with a link, for users who are not signed in: by address, by network, in all."""
    return anonymous_limits(KIND, ip, (20, HOUR), (60, DAY), emails=[email])


@transaction.atomic
def ask_link(scheme: GrantScheme, email: str, *, ip: str, now: datetime) -> None:
    """Send an address the link to its draft or application, else to an empty form while the scheme is open.

    The page shows nothing: only the mail has the link. Raises ValidationError after too many requests.
    """
    email = ascii_address(email.strip().lower())
    try:
        count_attempt(deposit_limits(ip, email))
    except TooManyAttempts as refused:
        message = _("Trop de demandes pour le moment : réessayez demain, ou téléphonez-nous.")
        raise ValidationError(message, code="too_many_attempts") from refused
    scheme = lock(scheme)
    deposit = deposit_of(scheme, email)
    with transaction.atomic():
        mails.write_link(mails.LINK, deposit or GrantDeposit.objects.create(scheme=scheme, email=email), by=None)
        if deposit is None and not rules.is_open(scheme, now):
            # The same response after the same work: neither reveals whether an address has deposited.
            transaction.set_rollback(True)
            wake_senders()


def deposit_of(scheme: GrantScheme, email: str) -> GrantDeposit | None:
    """Return the deposit of this address; create it for an application typed in by the team; None without any."""
    mine = Q(application=None, email=email) | Q(application__contact_email__iexact=email)
    rows = GrantDeposit.objects.filter(mine, scheme=scheme).select_related("application")
    if (deposit := rows.order_by("application", "-pk").last()) is not None:
        return deposit
    applications = GrantApplication.objects.filter(scheme=scheme, contact_email__iexact=email, deposit=None)
    row = applications.order_by("pk").last()
    return GrantDeposit.objects.create(scheme=scheme, application=row) if row else None


@transaction.atomic
def renew_deposit_link(token: str, *, ip: str) -> None:
    """Send a new link to the address on file, if any; the response does not reveal it. Raises TooManyAttempts."""
    count_attempt(deposit_limits(ip, rules.digest_of(token)))
    link = mails.link_of(token)
    if link is not None and link.deposit.address and may_attempt(mailbox_limits(KIND, link.deposit.address)):
        mails.write_link(mails.LINK, link.deposit, by=None)


@transaction.atomic
def confirm_address(link: DepositLink) -> None:
    """Confirm the address of an application and send the messages held back until then; idempotent.

    Raises StateConflict if the address has changed since, or nothing is sent yet.
    """
    deposit, row = link.deposit, link.deposit.application
    if row is None:
        raise StateConflict(deposit, "confirm")
    lock(row)
    lock(deposit)
    if not mails.still_opens(link):
        raise StateConflict(deposit, "confirm")
    if deposit.is_confirmed:
        return
    GrantDeposit.objects.filter(pk=deposit.pk).update(email=row.contact_email)
    deposit.email = row.contact_email
    record("grant.address_confirmed", row, by=None)
    if row.state == GrantState.INCOMPLETE:
        mails.write_link(mails.MISSING, deposit, by=None)
    if row.decision_sent_at:
        mails.write_link(mails.DECISION, deposit, by=None)


@transaction.atomic
def save_deposit(deposit: GrantDeposit, typed: Mapping[str, str]) -> None:
    """Save the fields as they were typed, valid or not."""
    lock(deposit)
    if deposit.application_id is None and typed:
        fields = {name: clean_text(text)[:MOST_TYPED] for name, text in typed.items()}
        GrantDeposit.objects.filter(pk=deposit.pk).update(typed=fields, saved_at=timezone.now())
        deposit.typed = fields


@transaction.atomic
def add_files(deposit: GrantDeposit, files: Sequence[tuple[SchemePiece | None, CheckedFile]], *, ip: str) -> None:
    """Store the checked files; raise ValidationError if one link or one network adds too many bytes."""
    if not files:
        return
    lock(deposit)
    size = sum(file.size for _piece, file in files)
    stored_size = deposit.documents.aggregate(size=Sum("upload__blob__size"))["size"] or 0
    if stored_size + size > MOST_BYTES:
        text = _("Les documents de cette demande pèsent plus de %(most)s Mo ensemble : réduisez-les, ou retirez-en.")
        raise ValidationError(text % {"most": MOST_BYTES // MEGABYTE}, code="bytes")
    limits = network_limits("grant-bytes", ip, (NETWORK_MEGABYTES, DAY))
    try:
        count_attempt(limits, weight=-(-size // MEGABYTE))
    except TooManyAttempts as refused:
        text = _("Trop de documents sont arrivés de votre réseau aujourd’hui : continuez demain, ou téléphonez-nous.")
        raise ValidationError(text, code="too_many_attempts") from refused
    for piece, file in files:
        if deposit.documents.count() >= MOST_DOCUMENTS:
            raise ValidationError(_("Trente documents au plus : retirez-en un avant d’en ajouter."), code="many")
        upload = accept_upload(file, by=None)
        GrantDocument.objects.create(
            deposit=deposit, application_id=deposit.application_id, piece=piece, upload=upload
        )


@transaction.atomic
def drop_document(deposit: GrantDeposit, document: GrantDocument) -> None:
    """Delete a document, before the application is sent or while pieces are missing. Raises StateConflict."""
    lock(deposit)
    row = GrantApplication.objects.filter(deposit=deposit).first()
    if row is not None and row.state != GrantState.INCOMPLETE:
        raise StateConflict(deposit, "drop")
    upload = document.upload
    document.delete()
    erase_upload(upload, by=None)


@transaction.atomic
def send_deposit(deposit: GrantDeposit, values: Mapping[str, Any], *, now: datetime) -> tuple[GrantApplication, bool]:
    """Create the application, once; return it, and whether this call created it.

    `now`: when the request arrived, before it blocked on any lock. Raises ValidationError after midnight of the last
    day. An earlier deposit with the same number changes nothing: both are accepted with the same answer, and the team
    examines them (`rules.doubles_of`).
    """
    has_room = may_attempt(mailbox_limits(KIND, deposit.email))  # locked before the scheme, as in `ask_link`
    scheme = lock(deposit.scheme)
    lock(deposit)
    if deposit.application_id is not None:
        return GrantApplication.objects.get(pk=deposit.application_id), False
    if not rules.is_open(scheme, now):
        text = _("Le dépôt était possible jusqu’au %(day)s à minuit : cette demande arrive trop tard.")
        raise ValidationError(text % {"day": format_date(scheme.closes_on)}, code="closed")
    row = create_application(scheme, deposit, values, now)
    GrantDeposit.objects.filter(pk=deposit.pk).update(application=row, typed={})
    deposit.application, deposit.typed = row, {}
    deposit.documents.update(application=row)
    record("grant.deposited", row, by=None, documents=deposit.documents.count())
    if has_room:
        mails.write_link(mails.RECEIPT, deposit, by=None)
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
    """Take the step « complete » for the association; raise StateConflict the second time."""
    if deposit.application is None:
        raise StateConflict(deposit, "complete")
    registers["grants"].workflow.follow(deposit.application, "complete", facts={"through": "link"})


@transaction.atomic
def withdraw_deposit(deposit: GrantDeposit) -> None:
    """Erase a deposit that is not sent yet, or withdraw its application until it goes to the committee.

    Raises StateConflict afterwards, or if it was sent meanwhile. An application is locked before its deposit.
    """
    if deposit.application is not None:
        if not rules.can_withdraw_by_link(lock(deposit.application)):
            raise StateConflict(deposit.application, "withdraw")
        registers["grants"].workflow.follow(deposit.application, "withdraw", facts={"through": "link"})
        return
    lock(deposit)
    if deposit.application is not None:
        raise StateConflict(deposit.application, "withdraw")
    erase_deposit(deposit)


# Erasure


def old_drafts(now: datetime) -> Any:
    """Return the deposits that were never sent and not saved for the last sixty days."""
    return GrantDeposit.objects.filter(application=None, started_at__lt=now - rules.DRAFT_RETENTION).exclude(
        saved_at__gte=now - rules.DRAFT_RETENTION
    )


@transaction.atomic
def erase_deposit(deposit: GrantDeposit) -> None:
    for document in deposit.documents.select_related("upload__blob"):
        upload = document.upload
        document.delete()
        erase_upload(upload, by=None)
    GrantDeposit.objects.filter(pk=deposit.pk).delete()


def old_contacts(now: datetime) -> Any:
    """Return the applications that ended a year ago and still contain contact data."""
    over = GrantApplication.objects.filter(ended_on__lt=timezone.localdate(now - rules.CONTACT_RETENTION))
    return over.exclude(contact_name="", contact_email="", contact_phone="")


@transaction.atomic
def erase_applicant(row: GrantApplication) -> None:
    """Erase the contact, and the deposit with its address and links; the application itself stays."""
    lock(row)
    GrantDocument.objects.filter(deposit__application=row).update(deposit=None)
    GrantDeposit.objects.filter(application=row).delete()
    GrantApplication.objects.filter(pk=row.pk).update(contact_name="", contact_email="", contact_phone="")
