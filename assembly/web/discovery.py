"""Import of the modules by which apps add to the platform.

`contributions` (a module, or a package with one module for each feature) calls the functions `add_…` of registries;
`receivers` connects receivers of signals. Both are imported once, by the last app of the platform (`assembly.portal`).
`workflows` and `actions` bind steps: the journal and the workflow engine import them.
"""

from importlib import import_module
from pkgutil import walk_packages

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def import_modules(name: str) -> None:
    """Import the module `name` of each installed app that has one; of a package, all modules below it too."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, name):
            module = import_module(f"{config.name}.{name}")
            for submodule in walk_packages(getattr(module, "__path__", ()), f"{module.__name__}."):
                import_module(submodule.name)
