"""Check that a demonstration, which opens every role with one click, never runs in production; and `privacy`."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from assembly.identity.personal_data import undeclared


@register()
def demo_is_local(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO and not settings.LOCAL:
        return [
            Error(
                "ASSEMBLY_DEMO opens every role without a password: it is refused outside a developer's machine.",
                hint="Remove ASSEMBLY_DEMO from the environment.",
                id="identity.E001",
            )
        ]
    return []


@register(Tags.models)
def models_declare_privacy(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in packages]
    return [
        Error(
            f"{name} is not declared as personal data or as none.",
            hint="Write `privacy = IMPERSONAL` or `privacy = ModelPrivacy(…)` in the model; in it, name a field that "
            "looks personal: `phone=erased()` or `phone=retained(REASON)` (assembly/identity/personal_data.py).",
            obj=model,
            id="identity.E002",
        )
        for model in ours
        for name in undeclared(model)
    ]


def refuse_demo_in_production() -> None:
    """Raise ImproperlyConfigured; the middleware calls this, because the web server runs no checks at its start."""
    if demo_is_local():
        raise ImproperlyConfigured("ASSEMBLY_DEMO is refused in production.")
