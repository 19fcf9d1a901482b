"""Foreign keys of models: each protects its target, and has no reverse name unless one is given."""

from typing import TYPE_CHECKING, Any, overload

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from assembly.identity.models import User


def key_to(model: Any, label: Any = "", related_name: str = "+", **more: Any) -> Any:
    """Return a foreign key to `model`."""
    options: dict[str, Any] = {"related_name": related_name, "verbose_name": label or None}
    return models.ForeignKey(model, on_delete=models.PROTECT, **options, **more)


@overload
def optional_key[Row: models.Model](
    model: type[Row], label: Any = "", related_name: str = "+", **more: Any
) -> "models.ForeignKey[Any, Row | None]": ...


@overload
def optional_key(
    model: str, label: Any = "", related_name: str = "+", **more: Any
) -> "models.ForeignKey[Any, Any]": ...


def optional_key(model: Any, label: Any = "", related_name: str = "+", **more: Any) -> Any:
    """Return a foreign key that may be empty, also in a form unless `blank` is False."""
    return key_to(model, label, related_name, **{"null": True, "blank": True} | more)


def user_key(label: Any = "", *, editable: bool = True) -> "models.ForeignKey[Any, User]":
    """Return a foreign key to an account."""
    key: models.ForeignKey[Any, User] = key_to(settings.AUTH_USER_MODEL, label, editable=editable)
    return key


def optional_user_key(label: Any = "", related_name: str = "+", **more: Any) -> "models.ForeignKey[Any, User | None]":
    """Return a foreign key to an account, which may be empty."""
    return optional_key(settings.AUTH_USER_MODEL, label, related_name, **more)
