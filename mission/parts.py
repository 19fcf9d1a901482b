"""Parts of the mission: each package below `mission` whose file of that name is read where it exists."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def import_parts(name: str) -> list[ModuleType]:
    """Import `mission.<part>.<name>` of every part that has it, the mechanism before those who stand on it."""
    folders = [found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.ispkg]
    names = [f"mission.{part}.{name}" for part in sorted(folders, key=lambda part: (part != "registers", part))]
    return [import_module(found) for found in names if find_spec(found)]
