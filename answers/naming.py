"""Names of answer cases and follow-ups in the journal, for the team that reads it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from answers.models import AnswerCase, FollowUp
from assembly.audit.registry import Key, NamedSubject

FOLLOW_UP = FollowUp._meta.label
LABEL = AnswerCase._meta.label


def named_answers(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of the cases that the journal mentions, with one query, or none if there are none."""
    if LABEL not in keys_by_label:
        return {}
    rows = AnswerCase.objects.visible_to(reader).filter(pk__in=keys_by_label[LABEL]).with_dossier()
    return {
        (LABEL, str(row.pk)): NamedSubject(
            _("Réponse"), row.title, row.reference, reverse("answers:desk-case", args=[row.pk])
        )
        for row in rows
    }


def named_follow_ups(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of the follow-ups that the journal mentions, with one query, or none if there are none."""
    if FOLLOW_UP not in keys_by_label:
        return {}
    names = {}
    for row in FollowUp.objects.visible_to(reader).filter(pk__in=keys_by_label[FOLLOW_UP]).with_dossier():
        page = reverse("answers:desk-follow-up", args=[row.case_id])
        name = NamedSubject(_("Suite donnée"), row.case.title, row.case.reference, page)
        names[FOLLOW_UP, str(row.pk)] = name
    return names
