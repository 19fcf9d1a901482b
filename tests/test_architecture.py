"""The house keeps its own rules: imports, migrations, suppressions, sizes, names."""

import ast
import io
import logging
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

from assembly.local.addresses import ROOT

APPS = ("assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission", "demo")
MODULE_LINES, TEST_LINES, TEMPLATE_COLUMNS = 400, 1000, 140
VAGUE_NAMES = {"utils", "helpers", "services", "common", "manager", "managers", "misc"}
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover)")
REASON = re.compile(r"\s--\s\S")

# Kinds of modules, lowest first; those of one line do not differ in rank. `register`: declaration of a register.
KINDS = (
    "enums signals topics",
    "models",
    "rules",
    "queries",
    "mails",
    "forms",
    "workflow",
    "actions",
    "views documents tasks receivers privacy contributions lists pages consumers feeds register",
    "urls",
)
RANKS = {kind: rank for rank, kinds in enumerate(KINDS) for kind in kinds.split()}
OPEN_KINDS = {"enums", "signals", "topics", "models", "rules", "queries", "actions"}
FEATURE_APPS = ("members", "draws", "sessions", "consultations", "opinions", "answers", "mission")
FOR_ALL_FEATURES = {"mission.registers", "mission.letters"}  # mechanisms, not features
# (module, what it imports): why.
FEATURE_EXCEPTIONS = {
    (
        "mission.grants.workflow",
        "mission.grants.actions",
    ): "the steps of a register name their action",
    (
        "sessions.minutes.workflow.steps",
        "sessions.sittings.workflow",
    ): "a step of the minutes takes one of the sitting along",
    (
        "sessions.sittings.views.team",
        "sessions.decisions.forms",
    ): "the page of a sitting in session takes the vote",
    (
        "answers.follow_up.mails",
        "answers.cases.mails",
    ): "a mail of the follow-up is a mail of its case",
    (
        "mission.mailings.contributions",
        "mission.partners.register",
    ): "from the list of partners one writes to contacts who agreed",
}

# What may exceed an alarm, and why. Keep it short.
ALLOWED_MODULES: dict[str, str] = {}
ALLOWED_TEMPLATES: dict[str, str] = {}


def sources(*folders: str) -> Iterator[Path]:
    """Return our Python files, migrations left out: they are written once and never read aloud."""
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def code_length(path: Path) -> int:
    """Return the number of lines that are no blank, comment, docstring or import."""
    text = path.read_text(encoding="utf-8")
    idle = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {n for one in tokens if one.type not in idle for n in range(one.start[0], one.end[0] + 1)}
    for node in ast.walk(ast.parse(text)):
        value = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
        is_docstring = isinstance(value, ast.Constant) and isinstance(value.value, str)
        if is_docstring or isinstance(node, ast.Import | ast.ImportFrom):
            lines -= set(range(node.lineno, node.end_lineno + 1))
    return len(lines)


@pytest.fixture
def loggers_stay_enabled():
    """Restore the loggers: import-linter configures logging and disables every logger that it does not name."""
    yield
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.mark.usefixtures("loggers_stay_enabled")
def test_imports_follow_the_one_way_street(capsys):
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_logo=True)
    assert code == 0, capsys.readouterr().out


def kind_of(module: str) -> str | None:
    """Return the kind of a module, `actions` for `draws.draws.actions.ceremony`; None if named by its content."""
    return next((part for part in module.split(".")[1:] if part in RANKS), None)


def feature_of(module: str) -> str:
    """Return `draws.calls` for what is in this folder, and the app for what all its features share."""
    app, *rest = module.split(".")
    return f"{app}.{rest[0]}" if len(rest) > 1 else app


def test_features_import_in_the_order_of_kinds():
    """Of another feature a module imports only what `OPEN_KINDS` says; exceptions are in `FEATURE_EXCEPTIONS`."""
    graph = grimp.build_graph(*FEATURE_APPS, cache_dir=None)
    wrong = set()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            kind, read = kind_of(module), kind_of(other)
            if kind is None or read is None or module.split(".")[0] != other.split(".")[0]:
                continue
            crosses = feature_of(module) != feature_of(other) and other.count(".") > 1 and kind != "urls"
            may_read = OPEN_KINDS | ({"workflow"} if RANKS[kind] >= RANKS["actions"] else set())
            is_open = read in may_read or feature_of(other) in FOR_ALL_FEATURES or module.count(".") == 1
            if RANKS[read] > RANKS[kind] or (crosses and not is_open):
                wrong.add((module, other))
    assert wrong - FEATURE_EXCEPTIONS.keys() == set()
    assert FEATURE_EXCEPTIONS.keys() - wrong == set()


def test_each_app_begins_with_one_migration():
    """A later one says in its docstring why it is not part of the initial one."""
    folders = [path for path in sorted(ROOT.rglob("migrations")) if path.relative_to(ROOT).parts[0] in APPS]
    migrations = {name(folder.parent): sorted(folder.glob("[0-9]*.py")) for folder in folders}
    assert len(migrations) >= 18
    assert [app for app, paths in migrations.items() if paths[0].name != "0001_initial.py"] == []
    later = [path for _, *paths in migrations.values() for path in paths]
    assert [name(path) for path in later if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_suppressions_say_why():
    bare = []
    for path in [*sources(*APPS, "tests", "bench"), ROOT / "manage.py"]:
        text = path.read_text(encoding="utf-8")
        if not SUPPRESSION.search(text):
            continue
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            suppresses = SUPPRESSION.search(token.string)
            if token.type == tokenize.COMMENT and suppresses and not REASON.search(token.string):
                bare.append(f"{name(path)}:{token.start[0]} {token.string}")
    assert bare == []


def test_modules_stay_small():
    long = {name(path): code_length(path) for path in sources(*APPS) if code_length(path) > MODULE_LINES}
    assert {path: lines for path, lines in long.items() if path not in ALLOWED_MODULES} == {}


def test_what_apps_add_is_found_at_any_depth():
    names = ("contributions", "receivers", "privacy", "workflow")
    written = [path.relative_to(ROOT) for path in sources(*APPS) if path.stem in names]
    assert len(written) >= 60
    assert [str(path) for path in written if ".".join(path.with_suffix("").parts) not in sys.modules] == []


def test_each_task_has_an_explicit_name():
    """The default name is the module's path: a task on its way would be lost when its module moves."""
    unnamed = []
    for path in (path for path in sources(*APPS) if "shared_task" in path.read_text(encoding="utf-8")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for decorator in getattr(node, "decorator_list", []):
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                keywords = [one.arg for one in getattr(decorator, "keywords", [])]
                if getattr(called, "id", "") == "shared_task" and "name" not in keywords:
                    unnamed.append(f"{name(path)}: {node.name}")
    assert unnamed == []


def test_lines_of_templates_fit_a_screen():
    templates = [path for path in sorted((ROOT / "templates").rglob("*")) if path.suffix in {".html", ".txt"}]
    wide = {
        f"{name(path)}:{number}": len(line)
        for path in templates
        if name(path) not in ALLOWED_TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > TEMPLATE_COLUMNS
    }
    assert wide == {}


LOADED = re.compile(r"{% load ([a-z_ ]+) %}")
FRAME_OF_THE_SITE = {"", "layouts"}  # what is around every page stands above all packages, as `assembly.config` does
OF_THE_PLATFORM = {"ui", "allauth", "account", "mfa", "bootstrap5", "django", "mail"}  # of `assembly.web`


def ranks_of_packages():
    """Return the rank of each package and app, the lowest first, as the contracts on imports have it."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = tools["importlinter"]["contracts"]
    layers = {contract["name"]: contract["layers"] for contract in contracts if "layers" in contract}
    apps = [app for app in layers["The apps are a one-way street"] if app != "assembly"]
    ordered = [*reversed(layers["Inside assembly"]), *reversed(apps)]
    return {package: rank for rank, layer in enumerate(ordered) for package in layer.split(" | ")}


def test_templates_load_tags_of_packages_below():
    """A higher package adds to a page of a lower one by a widget (`assembly.web.widgets`)."""
    ranks = ranks_of_packages()
    libraries = {path.stem: path.parts[-3] for app in APPS for path in (ROOT / app).rglob("templatetags/*.py")}
    upward = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        folder = path.relative_to(ROOT / "templates").parts[:-1]
        package = folder[0] if folder else ""
        if package not in FRAME_OF_THE_SITE:
            own = ranks["web" if package in OF_THE_PLATFORM else package]
            loaded = {each for match in LOADED.findall(path.read_text(encoding="utf-8")) for each in match.split()}
            upward += [
                f"{name(path)}: {each}" for each in sorted(loaded & libraries.keys()) if ranks[libraries[each]] > own
            ]
    assert upward == []


def test_test_files_stay_readable():
    assert {name(path): length(path) for path in sources("tests") if length(path) > TEST_LINES} == {}


def test_allowed_exceptions_still_exist():
    assert [place for place in (*ALLOWED_MODULES, *ALLOWED_TEMPLATES) if not (ROOT / place).exists()] == []


def test_files_name_their_subject():
    vague = [name(path) for path in sources(*APPS) if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES]
    assert vague == []


def test_tests_are_packages_all_the_way_down():
    folders = {path.parent for path in sources("tests")}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


REASON_TO_LOCK = re.compile(r"no_key=True|# FOR UPDATE\b")


def test_row_locks_have_one_strength():
    """FOR UPDATE also stops every insert that refers to the row: NO KEY is enough, or a comment says why it is not."""
    found = []
    for path in sources(*APPS):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "select_for_update" in text else ():
            if isinstance(node, ast.Attribute) and node.attr == "select_for_update":
                lines = text.splitlines()[node.lineno - 2 : node.end_lineno + 1]
                found += (
                    [f"{name(path)}:{node.lineno}"] if not any(REASON_TO_LOCK.search(line) for line in lines) else []
                )
    assert found == []


def test_for_share_has_one_door():
    """Django has no FOR SHARE: one function writes it (docs/locks.md)."""
    written = re.compile(r"\bFOR (?:SHARE|KEY SHARE|UPDATE)\b")
    found = set()
    for path in sources(*APPS):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "FOR" in text else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "SELECT" in node.value:
                found |= {name(path)} if written.search(node.value) else set()
            if isinstance(node, ast.JoinedStr) and any(
                isinstance(part, ast.Constant) and written.search(str(part.value)) for part in node.values
            ):
                found.add(name(path))
    assert found <= {"assembly/workflow/locks.py"}


def test_advisory_locks_have_one_purpose_each():
    """Two numbers alike would make work that has nothing in common wait for each other."""
    numbers = [7236501]  # of the trigger that links the journal, in `audit/migrations/triggers.sql`
    for path in sources(*APPS):
        if re.search(r"pg_(try_)?advisory", source := path.read_text(encoding="utf-8")):
            numbers += [int(found, 0) for found in re.findall(r"^\w*LOCK\w* = (0x\w+|\d+)", source, re.MULTILINE)]
    assert len(numbers) >= 8
    assert len(set(numbers)) == len(numbers)


def is_local(receiver):
    """Return whether the moment is in local time: `local`, or made by `localtime`."""
    if isinstance(receiver, ast.Name):
        return receiver.id == "local"
    calls = [node.func for node in ast.walk(receiver) if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr == "localtime" for call in calls)


def test_the_day_of_a_moment_is_the_local_one():
    """Moments are in UTC: `.date()` gives yesterday until one or two in the morning; `timezone.localdate` does not."""
    found = []
    for path in sources(*APPS):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if ".date()" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
                if node.func.attr == "date" and not is_local(node.func.value):
                    found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_optional_keys_are_declared_in_one_way():
    """`assembly.identity.columns` knows how a key protects its target; packages below cannot import it."""
    below = {"jobs", "fragments", "text", "files", "speed", "web", "lists", "audit", "workflow", "identity"}
    by_hand = []
    for path in (path for path in sources(*APPS) if path.parts[-2] not in below):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "models.ForeignKey":
                options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                known = {"on_delete", "related_name", "null", "blank", "verbose_name"}
                is_plain = set(options) <= known and options.get("on_delete") == "models.PROTECT"
                is_optional = options.get("null") == options.get("blank") == "True" and "related_name" in options
                if is_plain and is_optional:
                    by_hand.append(f"{name(path)}:{node.lineno}")
    assert by_hand == []
