from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Filled by each app's `portal.py`, which `institution` loads with the menus."""

    name = "assembly.portal"
    label = "portal"

    def ready(self) -> None:
        from assembly.portal import menu  # noqa: PLC0415 -- registries are ready only now

        menu.fill()
