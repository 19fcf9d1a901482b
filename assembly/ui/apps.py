from functools import lru_cache, partialmethod
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Field, Model
from django.utils.encoding import force_str
from django.utils.translation import trans_real

from assembly.ui.request_bodies import prepare_folder


class UiConfig(AppConfig):
    name = "assembly.ui"
    label = "ui"
    verbose_name = "Écrans"

    def ready(self) -> None:
        count_in_french()
        keep_messages()
        name_choices()
        prepare_folder()


def count_in_french() -> None:
    """Give messages without a catalogue the French plural: 0 and 1 are singular (« 0 réponse »), also 1,5.

    French is the source language, so that no catalogue of ours carries `Plural-Forms: plural=(n > 1)`; gettext then
    falls back to the English rule. One place serves `ngettext`, `ngettext_lazy` and `{% blocktrans %}`.
    """
    by_catalogue = trans_real.DjangoTranslation.ngettext

    def ngettext(catalogue: Any, singular: str, plural: str, number: int) -> str:
        return by_catalogue(catalogue, singular, plural, number if abs(number) >= 2 else 1)

    trans_real.DjangoTranslation.ngettext = ngettext  # type: ignore[method-assign, assignment]  # -- on purpose, see above


def keep_messages() -> None:
    """Ask each catalogue once for a message: ours are in none, so that each was sought in Django's seven, twice."""
    kept = lru_cache(maxsize=10_000)(trans_real.DjangoTranslation.gettext)
    trans_real.DjangoTranslation.gettext = kept  # type: ignore[method-assign]  # -- on purpose, see above


def name_choices() -> None:
    """`get_state_display()` reads one label: Django's own hashes, hence translates, all choices of the field first."""
    for model in apps.get_models():
        for field in model._meta.local_fields:  # noqa: SLF001 -- _meta is Django's public name
            name = f"get_{field.name}_display"
            if isinstance(vars(model).get(name), partialmethod):
                setattr(model, name, partialmethod(label_of_choice, field=field))


def label_of_choice(row: Model, field: "Field[Any, Any]") -> Any:
    value = getattr(row, field.attname)
    label = next((label for choice, label in field.flatchoices if choice == value), value)
    return force_str(label, strings_only=True)
