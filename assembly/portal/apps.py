from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from assembly.web.discovery import import_modules


class PortalConfig(AppConfig):
    """App of the home pages, filled by each app's `widgets.py`; `institution` loads the menus in each `portal.py`."""

    name = "assembly.portal"
    label = "portal"

    def ready(self) -> None:
        from assembly.audit.registry import add_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.portal import ceilings, checks, menu, queries  # noqa: F401, PLC0415 -- they register themselves

        menu.add_menu_lines()
        add_namer(queries.backup_names)
        autodiscover_modules("widgets")
        import_modules("contributions")
        import_modules("receivers")
