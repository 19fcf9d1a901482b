"""Parts of the mission: each folder below `mission` whose file of that name is read where it exists."""

from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def import_parts(name: str) -> None:
    """Import `mission.<part>.<name>` of every part that has it, the mechanism before those who stand on it."""
    found = {path.parent.name for path in (*HERE.glob(f"*/{name}.py"), *HERE.glob(f"*/{name}/__init__.py"))}
    for part in sorted(found, key=lambda part: (part != "registers", part)):
        import_module(f"mission.{part}.{name}")
