"""Steps of an application that write more than its state, its payments, decisions and papers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.actions.uploads import accept_upload
from assembly.documents.models import Rendition, Upload
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.web.errors import StateConflict
from assembly.workflow import lock
from mission.grants import rules
from mission.grants.enums import GrantState
from mission.grants.mails import DECISION, MISSING, check_seen, fingerprint, letter_of, mail_association
from mission.grants.models import (
    GrantApplication,
    GrantDocument,
    GrantPayment,
    GrantScheme,
    GrantScore,
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
        mail_association(MISSING, row, by=by)


def check_readers(row: GrantApplication, *readers: User) -> None:
    for reader in readers:
        if rules.has_interest(reader.pk, row.siret, row.rna):
            raise ValidationError(_("Cette personne a un lien avec l’association."), code="first")


@transaction.atomic
def assess(row: GrantApplication, *, first: User, second: User, by: User) -> None:
    step = grant_steps().require(row, "assess", by=by)
    check_readers(row, first, second)
    grant_steps().take(row, step, by=by, first_reader=first, second_reader=second)


@transaction.atomic
def replace_readers(row: GrantApplication, *, first: User, second: User, by: User) -> None:
    """Replace readers of an application; raise ValidationError for one who has given marks."""
    step = grant_steps().require(row, "replace", by=by)
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
    for each in same.filter(state="assessment").order_by("pk"):
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
    if row.state not in GrantState.tagged("payable"):
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
    check_seen(seen, row)
    workflow.take(row, step, by=by, decision_text=letter_of(row), decision_sent_at=timezone.now())
    mail_association(DECISION, row, by=by)


@transaction.atomic
def send_all_decisions(scheme: GrantScheme, *, seen: str, by: User) -> int:
    """Send every mail that the page of the list showed, or none. Those without an address are left to the post."""
    rows = with_address(decisions_to_send(scheme).select_for_update(of=["self"], no_key=True))
    check_seen(seen, *rows)
    for row in rows:
        send_decision(row, seen=fingerprint(row), by=by)
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
