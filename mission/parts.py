"""Parts of the mission: each folder below `mission` whose file of that name is read where it exists."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def import_parts(name: str) -> list[ModuleType]:
    """Import `mission.<part>.<name>` of every part that has it, the mechanism before those who stand on it."""
    files = (*HERE.glob(f"*/{name}.py"), *HERE.glob(f"*/{name}/__init__.py"))
    found = {path.relative_to(HERE).parts[0] for path in files}
    parts = sorted(found, key=lambda part: (part != "registers", part))
    return [import_module(f"mission.{part}.{name}") for part in parts]
