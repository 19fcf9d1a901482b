"""The chapters of the story, found by name: a module of this folder that says `CHAPTER = 30` and has `seed(house)`."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

import opinions.demo
from opinions.demo.house import House


def chapters() -> list[Callable[[House], None]]:
    """Each `seed` in the order of its number. A chapter may import every app, and the chapters before it."""
    names = [found.name for found in iter_modules(opinions.demo.__path__)]
    modules = [import_module(f"opinions.demo.{name}") for name in names]
    told = [module for module in modules if hasattr(module, "CHAPTER")]
    return [module.seed for module in sorted(told, key=lambda module: module.CHAPTER)]
