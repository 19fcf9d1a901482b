"""Imports the module `models` of each package of the mission, where its models are."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def import_parts(name: str) -> list[ModuleType]:
    """Import `mission.<part>.<name>` of every part that has it, `registers` first: the others depend on it."""
    files = (*HERE.glob(f"*/{name}.py"), *HERE.glob(f"*/{name}/__init__.py"))
    names = {path.relative_to(HERE).parts[0] for path in files}
    parts = sorted(names, key=lambda part: (part != "registers", part))
    return [import_module(f"mission.{part}.{name}") for part in parts]


import_parts("models")
