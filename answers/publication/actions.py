"""Actions on the sealed answer table: requested by the lead, published once it has its seal."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from answers.cases.rules import can_seal_table
from answers.publication.queries import OPINION, TABLE_KIND, answer_summaries, contains_answers
from assembly.audit.actions import record
from assembly.documents.actions.register import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, DocumentState, Rendition
from assembly.documents.queries import latest_ready
from assembly.identity.models import User
from assembly.workflow import lock
from opinions.models import Opinion


@transaction.atomic
def seal(opinion: Opinion, *, by: User) -> Rendition:
    """Request the sealed table of the answers published now; once sealed it is published on the site.

    A table that has its seal already, but whose timestamp came later, is published: no new one is made.
    """
    if not can_seal_table(by, opinion):
        raise PermissionDenied
    lock(opinion)
    if opinion.published_at is None:
        raise ValidationError(_("Publiez d’abord l’avis."), code="opinion")
    rows = answer_summaries(opinion)
    if not any(row.answer for row in rows):
        raise ValidationError(_("Aucune réponse n’est encore publiée : il n’y a rien à sceller."), code="answers")
    rendition = latest_ready(OPINION, str(opinion.pk), TABLE_KIND)
    if (
        rendition
        and rendition.revision
        and rendition.revision.document.state == DocumentState.SEALED
        and contains_answers(rendition.revision, rows)
    ):
        publish(rendition.revision.document, by=by)
        return rendition
    record("answer.table_sealing_asked", opinion, by=by)
    return request_rendition(opinion, TABLE_KIND, by=by)


@transaction.atomic
def record_sealed(opinion: Opinion, document: Document) -> None:
    """Publish the table that a worker sealed. Idempotent.

    A file whose promised timestamp has not come yet is published by `seal` later.
    """
    record("answer.table_sealed", opinion, by=None, document=document.reference)
    if document.state != DocumentState.SIGNED_WITHOUT_TIMESTAMP:
        publish(document, by=None)
