"""Steps between the submission and the debate: the view of the rapporteur, the merge of amendments."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.workflow import lock
from opinions.actions.amendments.falls import fall_with_parent
from opinions.amending.enums import ViewStance
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentCosigner


@AMENDMENT.action("give_view")
@transaction.atomic
def give_view(amendment: Amendment, *, stance: str, text: str, by: User) -> None:
    """Record what the rapporteur recommends, in place of a former view; recorded by the team, it is shown as such."""
    AMENDMENT.transition(amendment, "give_view", by=by, view_stance=ViewStance(stance), view_text=text.strip())


@AMENDMENT.action("merge")
@transaction.atomic
def merge(amendment: Amendment, into: Amendment, *, reason: str, by: User) -> None:
    """Merge two amendments that ask for the same change: the author and the signers move to the other one."""
    step = AMENDMENT.require(amendment, "merge", by=by)
    target = lock(into)
    same = target.version_id == amendment.version_id and target.parent_id == amendment.parent_id
    if not same or target.pk == amendment.pk or target.state not in step.sources:
        raise ValidationError(_("Choisissez un autre amendement de ce texte, encore en discussion."), code="into")
    AMENDMENT.take(amendment, step, by=by, reason=reason, merged_into=target)
    carry_signers(amendment, target)
    fall_with_parent(amendment, by=by)


def carry_signers(amendment: Amendment, target: Amendment) -> None:
    """Make the author and the signers of one amendment sign the other, once each."""
    known = set(target.cosigners.values_list("person", flat=True)) | {target.author_id}
    signed = {row.person_id: row for row in amendment.cosigners.filter(signed_at__isnull=False)}
    people = [amendment.author_id, *signed]
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(
            amendment=target,
            person_id=person,
            signed_at=signed[person].signed_at if person in signed else amendment.submitted_at,
            via=signed[person].via if person in signed else amendment.via,
        )
        for person in people
        if person not in known
    )
