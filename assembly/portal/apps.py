from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """Menus come with each app's `portal.py`, which `institution` loads; home pages with each app's `panels.py`."""

    name = "assembly.portal"
    label = "portal"

    def ready(self) -> None:
        from assembly.portal import checks, menu  # noqa: F401, PLC0415 -- checks register themselves

        menu.declare_room_lines()
        autodiscover_modules("panels")
