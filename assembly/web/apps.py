from functools import lru_cache, partialmethod
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Field, Model
from django.utils.encoding import force_str
from django.utils.translation import trans_real

from assembly.web.request_bodies import prepare_folder


class WebConfig(AppConfig):
    name = "assembly.web"
    verbose_name = "Écrans"

    def ready(self) -> None:
        count_in_french()
        keep_messages()
        name_choices()
        prepare_folder()


def count_in_french() -> None:
    """Give messages without a catalogue the French plural: 0 and 1 are singular (« 0 réponse »), also 1,5.

    French is the source language, so no catalogue of ours carries `Plural-Forms: plural=(n > 1)`, and gettext falls
    back to the English rule. This one patch serves `ngettext`, `ngettext_lazy` and `{% blocktrans %}`.
    """
    by_catalogue = trans_real.DjangoTranslation.ngettext

    def ngettext(catalogue: Any, singular: str, plural: str, number: int) -> str:
        return by_catalogue(catalogue, singular, plural, number if abs(number) >= 2 else 1)

    trans_real.DjangoTranslation.ngettext = ngettext  # type: ignore[method-assign, assignment]  # -- on purpose, see above


def keep_messages() -> None:
    """Cache the lookup of each message.

    Our messages are in no catalogue, so each one was looked up in Django's seven catalogues, twice.
    """
    cached_gettext = lru_cache(maxsize=10_000)(trans_real.DjangoTranslation.gettext)
    trans_real.DjangoTranslation.gettext = cached_gettext  # type: ignore[method-assign]  # -- on purpose, see above


def name_choices() -> None:
    """Make `get_state_display()` read one label only.

    Django's own version hashes, and so translates, all choices of the field first.
    """
    for model in apps.get_models():
        for field in model._meta.local_fields:
            name = f"get_{field.name}_display"
            if isinstance(vars(model).get(name), partialmethod):
                setattr(model, name, partialmethod(label_of_choice, field=field))


def label_of_choice(row: Model, field: "Field[Any, Any]") -> Any:
    value = getattr(row, field.attname)
    label = next((label for choice, label in field.flatchoices if choice == value), value)
    return force_str(label, strings_only=True)
