"""Columns that registers share: keys, the state, money."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import States


def key_to(model: Any, label: Any = "", related_name: str = "+", **more: Any) -> Any:
    """Return a foreign key that protects its target, without a reverse name unless one is given."""
    options: dict[str, Any] = {
        "on_delete": models.PROTECT,
        "related_name": related_name,
        "verbose_name": label or None,
    }
    return models.ForeignKey(model, **options, **more)


def optional_key(model: Any, label: Any = "", related_name: str = "+") -> Any:
    return key_to(model, label, related_name, null=True, blank=True)


def user_key(label: Any = "", **more: Any) -> Any:
    return key_to(settings.AUTH_USER_MODEL, label, **more)


def money(label: Any, **more: Any) -> Any:
    return models.DecimalField(label, max_digits=12, decimal_places=2, **more)


def state_field(states: type[States], default: str, max_length: int = 16) -> Any:
    """Return the column of the state, with which a subclass overrides that of `RegisterRow`."""
    column: Any = models.CharField(_("état"), max_length=max_length, choices=states, default=default, editable=False)
    column.states = states
    return column
