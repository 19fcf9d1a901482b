"""The path of a partner, and the merge of a double. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from assembly.identity.models import User
from assembly.workflow import lock
from mission.partners.enums import PartnerState as S
from mission.partners.models import Partner
from mission.registers.declaration import registers
from mission.registers.moves import Move
from mission.registers.rules import TEAM

NOW_ACTIVE, PASSES = _("Le partenariat est actif."), _("Contacts, conventions, échanges et données passent à l’autre.")


class MergeForm(StepForm):
    """Which of the others is kept."""

    into = forms.ModelChoiceField(label=_("Fiche à garder"), queryset=Partner.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = registers["partners"].visible_to(self.user).filter(assembly=self.row.assembly_id)
        self.fields["into"].queryset = others.exclude(pk=self.row.pk).exclude(state=S.MERGED).order_by("name", "pk")  # type: ignore[attr-defined]  # -- a model choice


@transaction.atomic
def merge(double: Partner, *, into: Partner, by: User) -> None:
    """All that hangs on a double goes to the partner that is kept, and the double points at it. ValidationError for
    itself, another assembly’s or one that is merged already; both are locked in the order of their keys."""
    for row in sorted((double, into), key=lambda row: row.pk):
        lock(row, "merge")
    if into.pk == double.pk or into.assembly_id != double.assembly_id or into.state == S.MERGED:
        raise ValidationError(gettext("Choisissez une autre fiche, qui n’est pas fusionnée."), code="into")
    if not TEAM(by, into):
        raise PermissionDenied
    double.contacts.exclude(person__in=into.contacts.values("person")).update(row=into)
    for lines in (double.agreements, double.exchanges, double.datasets):
        lines.update(row=into)
    double.doubles.update(merged_into=into)
    registers["partners"].workflow.transition(double, "merge", by=by, facts={"into": into.pk}, merged_into=into)


MOVES = [
    Move(
        *("engager", "engage", {S.TO_CONTACT}, S.ACTIVE, _("Noter comme actif"), _("Le partenariat est-il actif ?")),
        *(NOW_ACTIVE, _("a noté le partenariat actif")),
        primary=True,
    ),
    Move(
        *("reprendre", "resume", {S.DORMANT, S.ENDED}, S.ACTIVE, _("Reprendre"), _("Reprendre le partenariat ?")),
        *(NOW_ACTIVE, _("a repris le partenariat")),
        primary=True,
    ),
    Move(
        *(
            "en-sommeil",
            "pause",
            {S.ACTIVE},
            S.DORMANT,
            _("Mettre en sommeil"),
            _("Mettre le partenariat en sommeil ?"),
        ),
        *(_("Le partenariat est en sommeil."), _("a mis le partenariat en sommeil")),
        reason=True,
    ),
    Move(
        *(
            "terminer",
            "end",
            {S.TO_CONTACT, S.ACTIVE, S.DORMANT},
            S.ENDED,
            _("Mettre fin"),
            _("Mettre fin au partenariat ?"),
        ),
        *(_("Le partenariat est terminé."), _("a mis fin au partenariat")),
        reason=True,
    ),
    Move(
        *(
            "fusionner",
            "merge",
            {*S} - {S.MERGED},
            S.MERGED,
            _("Fusionner un double"),
            _("Fusionner avec une autre fiche ?"),
        ),
        *(_("La fiche est fusionnée."), _("a fusionné la fiche avec une autre")),
        lines=lambda row: [PASSES],
        form=MergeForm,
        run=lambda row, user, data: merge(row, into=data["into"], by=user),
        danger=True,
    ),
]
