"""Merge of doubles: everything below one row passes to the other; the double stays and points at it.

A register that needs it adds `merged_into` (`merged_key()`), a state for it, and `merging(…)` among its steps.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import User
from assembly.workflow import Step, StepForm, lock
from mission.registers.declaration import Register, registers
from mission.registers.models import RegisterFile, RegisterLink, RegisterRow
from mission.registers.rules import TEAM

WHAT_PASSES = _("Tout ce qui dépend de cette fiche passe à l’autre. Celle-ci reste, fermée.")


class MergeForm(StepForm):
    """Form that chooses the row into which the double is merged."""

    into: Any = forms.ModelChoiceField(label=_("Fiche à garder"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        register = register_of_row(self.row)
        others = register.visible_to(self.user).filter(assembly=self.row.assembly_id, merged_into=None)
        self.fields["into"].queryset = others.exclude(pk=self.row.pk).order_by("name__alphabetical", "pk")  # type: ignore[attr-defined]  # -- a ModelChoiceField


def register_of_row(row: RegisterRow) -> Register:
    return next(each for each in registers.values() if each.model is type(row))


def keys_to(model: type[RegisterRow]) -> list[Any]:
    """Return the keys to this model, of its lines and of other registers; not `merged_into` of its own rows."""
    fields: Any = model._meta.get_fields(include_hidden=True)
    return [each.field for each in fields if each.one_to_many and each.related_model is not model]


@transaction.atomic
def merge(double: Any, *, into: Any, by: User) -> None:
    """Merge a double into another row, both locked in the order of their keys.

    Raises ValidationError for the row itself, one of another assembly or a merged one. A line that the other row has
    already (the same person) stays with the double. Whoever has a row or line open that passes gets a conflict (409).
    """
    register = register_of_row(double)
    for row in sorted((double, into), key=lambda row: row.pk):
        lock(row, "merge")
    if into.pk == double.pk or into.assembly_id != double.assembly_id or into.merged_into_id:
        raise ValidationError(gettext("Choisissez une autre fiche, qui n’est pas fusionnée."), code="into")
    register.check_write(by, into)
    parts: list[tuple[Any, dict[str, Any]]] = [
        (key.model.objects.filter(**{key.name: double}), {key.name: into, "version": F("version") + 1})
        for key in keys_to(type(double))
    ]
    parts += [
        (model.objects.filter(register=register.key, row=double.pk), {"row": into.pk})
        for model in (RegisterFile, RegisterLink)
    ]
    parts.append(
        (RegisterLink.objects.filter(other_register=register.key, other_row=double.pk), {"other_row": into.pk})
    )
    for rows, columns in parts:
        for one in rows:
            try:
                with transaction.atomic():
                    type(one).objects.filter(pk=one.pk).update(**columns)
            except IntegrityError:
                continue  # the other row has it already
    double.doubles.update(merged_into=into)
    register.workflow.transition(double, "merge", by=by, facts={"into": into.pk}, merged_into=into)


def merging(sources: Any, merged: str) -> Step[Any]:
    """Return the step that merges a double."""
    return Step(
        "merge",
        sources,
        merged,
        TEAM,
        history_text=_("a fusionné la fiche avec une autre"),
        slug="fusionner",
        label=_("Fusionner un double"),
        question=_("Fusionner avec une autre fiche ?"),
        success_message=_("La fiche est fusionnée."),
        consequences=[WHAT_PASSES],
        form=MergeForm,
        action=merge,
        danger=True,
    )
