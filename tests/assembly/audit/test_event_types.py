"""A sentence of the journal that nothing records would promise a line that never comes."""

import ast
import re
from collections.abc import Iterator

import pytest

from assembly.audit.registry import add_audit_events, event_types
from assembly.local.addresses import ROOT

APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission")


def strings(tree: ast.AST) -> Iterator[str]:
    """Return each string that may name an event, as a pattern; an expression in an f-string matches anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
            yield "".join(parts)


def is_declaration(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "add_audit_events"


def test_every_declared_event_is_recorded_somewhere():
    declared: set[str] = set()
    patterns: set[str] = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for call in [node for node in ast.walk(tree) if is_declaration(node)]:
                if isinstance(call.args[0], ast.Dict):
                    declared.update(key.value for key in call.args[0].keys if isinstance(key, ast.Constant))
                    call.args.clear()
            patterns.update(pattern for pattern in strings(tree) if re.match(r"[a-z_]+\\\.", pattern))
    known = re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)))
    assert len(declared) > 100
    assert sorted(event for event in declared if not known.fullmatch(event)) == []


def test_one_event_has_one_sentence():
    add_audit_events({"minutes.approved": event_types["minutes.approved"]})  # the same again
    with pytest.raises(ValueError, match="Two sentences for the event 'minutes.approved'"):
        add_audit_events({"minutes.approved": "a fait autre chose"})
