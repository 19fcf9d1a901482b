"""Import of the modules by which apps add to the platform.

`contributions` (a module, or a package with one module for each feature) calls the functions `add_…` of registries;
`receivers` connects receivers of signals. Both are imported once, by the last app of the platform (`assembly.portal`).
`workflow` and `actions` bind steps: the journal and the workflow engine import them. `privacy` declares what an app
knows about a person.
"""

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings


def import_modules(name: str) -> None:
    """Import each module `name` of our apps, at any depth, upper ones first; of a package, all modules in it."""
    for config in apps.get_app_configs():
        root = Path(config.path)
        if settings.BASE_DIR not in (root.parent, root.parent.parent):
            continue  # Django, or a library
        paths = {*root.rglob(f"{name}.py"), *root.rglob(f"{name}/**/*.py")}
        for path in sorted(paths, key=lambda path: (len(path.parts), path)):
            parts = [part for part in path.relative_to(root).with_suffix("").parts if part != "__init__"]
            import_module(".".join([config.name, *parts]))
