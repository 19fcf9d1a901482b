"""Parts of the mission: each package below `mission` whose file of that name is read where it exists."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path


def import_parts(name: str) -> None:
    """Import `mission.<part>.<name>` of every part that has it, the mechanism before those who stand on it."""
    folders = [found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.ispkg]
    for part in sorted(folders, key=lambda part: (part != "registers", part)):
        if find_spec(f"mission.{part}.{name}"):
            import_module(f"mission.{part}.{name}")
