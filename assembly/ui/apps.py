from typing import Any

from django.apps import AppConfig
from django.utils.translation import trans_real


class UiConfig(AppConfig):
    name = "assembly.ui"
    label = "ui"
    verbose_name = "Écrans"

    def ready(self) -> None:
        count_in_french()


def count_in_french() -> None:
    """Give messages without a catalogue the French plural: 0 and 1 are singular (« 0 réponse »), also 1,5.

    French is the source language, so that no catalogue of ours carries `Plural-Forms: plural=(n > 1)`; gettext then
    falls back to the English rule. One place serves `ngettext`, `ngettext_lazy` and `{% blocktrans %}`.
    """
    by_catalogue = trans_real.DjangoTranslation.ngettext

    def ngettext(catalogue: Any, singular: str, plural: str, number: int) -> str:
        return by_catalogue(catalogue, singular, plural, number if abs(number) >= 2 else 1)

    trans_real.DjangoTranslation.ngettext = ngettext  # type: ignore[method-assign, assignment]  # -- on purpose, see above
