"""Validation of names: no characters that mail programs turn into a link, which anonymous users would have us send."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

from assembly.text.printable import clean_text

LINK_SIGNS = re.compile(r"[/:@]|\.[^\W\d_]{2}")
IN_DATABASE = r"[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"  # the same pattern in PostgreSQL's syntax
LINK_IN_NAME = gettext_lazy("Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace.")
DOTS = str.maketrans("。｡․", "...")  # browsers treat them as a dot


def check_person_name(text: str) -> None:
    """Raise ValidationError for « / », « : », « @ », and a dot that letters follow without a space.

    Wide and invisible characters are treated as what they look like.
    """
    plain = unicodedata.normalize("NFKC", clean_text(text)).translate(DOTS)
    if LINK_SIGNS.search(plain):
        raise ValidationError(LINK_IN_NAME, code="name")


def plain_names(*columns: str) -> Q:
    """Return the check constraint of the database on the names of a person."""
    condition = Q()
    for column in columns:
        condition &= ~Q(**{f"{column}__regex": IN_DATABASE})
    return condition


class PersonNameField(forms.CharField):
    """Field for the first name, last name or whole name of a person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(check_person_name)
