"""Fields between braces in the text of a message: a closed set of words, replaced by values; nothing is executed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import Person
from assembly.text.french import Label

FIELD = re.compile(r"\{([^{}\n]{1,40})\}")
# What other programs put around a field: « [prénom] » of a letter in Word, « {{prénom}} » of a mailing tool.
OTHER_BRACKETS = re.compile(r"\[([^\[\]\n]{1,40})\]|<<?([^<>\n]{1,40})>>?|\{\{([^{}\n]{1,40})\}\}")
# The field, its label, the column of the person.
PERSON_FIELDS: dict[str, tuple[Label, str]] = {
    "prénom": (gettext_lazy("Prénom"), "first_name"),
    "nom": (gettext_lazy("Nom de famille"), "last_name"),
    "qualité": (gettext_lazy("Qualité"), "capacity"),
    "commune": (gettext_lazy("Commune"), "city"),
}
ASK_PROOF_ABOVE = 50


def field_key(word: str) -> str:
    return " ".join(word.split()).casefold()


def fields_in(*texts: str) -> list[str]:
    """Return the fields of these texts, each once."""
    return list(dict.fromkeys(field_key(word) for text in texts for word in FIELD.findall(text)))


def labels_of_fields(fields: Mapping[str, Label]) -> dict[str, Label]:
    """Return every field of a text and its label: those of the person, then `fields` of the group."""
    return {key: label for key, (label, _column) in PERSON_FIELDS.items()} | dict(fields)


def check_fields(text: str, known: Iterable[str]) -> None:
    """Raise ValidationError for a field that does not exist, or is written as in another program."""
    offered = list(known)
    for match in OTHER_BRACKETS.finditer(text):
        word = field_key(match[match.lastindex or 1])
        if word in offered:
            raise ValidationError(
                _("« %(written)s » partirait tel quel. Ce champ s’écrit « {%(word)s} »."),
                code="brackets",
                params={"written": match[0], "word": word},
            )
    if unknown := [word for word in fields_in(text) if word not in offered]:
        raise ValidationError(
            _("« {%(word)s} » n’est pas un champ. Les champs possibles sont : %(fields)s."),
            code="field",
            params={"word": unknown[0], "fields": ", ".join(f"{{{word}}}" for word in offered)},
        )


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Replace each field by its value; a value is never read for fields again."""
    return FIELD.sub(lambda match: values.get(field_key(match[1]), ""), text)


def values_for(person: Person, message: Any) -> dict[str, str]:
    """Return what the fields hold for this person, with the substitutes of empty ones."""
    own = {key: getattr(person, column) for key, (_label, column) in PERSON_FIELDS.items()}
    values = {**message.facts, **own}
    return {key: value or message.substitutes.get(key, "") for key, value in values.items()}


def listed_title(message: Any) -> str:
    """Return the subject for lists: without what differs from person to person."""
    return FIELD.sub(lambda match: message.facts.get(field_key(match[1]), "…"), message.title)
