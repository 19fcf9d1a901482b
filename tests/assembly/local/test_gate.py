"""What a commit waits for is part of the gate: its own quick checks, and no test; which tests a change asks for."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml

from assembly.local import gate
from assembly.local.addresses import ROOT

DOMAIN = [
    "tests/demo",
    "tests/mission",
    "tests/answers",
    "tests/opinions",
    "tests/consultations",
    "tests/sessions",
    "tests/draws",
    "tests/members",
]
COMPOSED = [*DOMAIN, "tests/assembly/config", "tests/assembly/local"]
PLATFORM = [
    *COMPOSED,
    "tests/assembly/portal",
    *(f"tests/assembly/{name}" for name in ("collab", "correspondence", "directory", "saved_views", "tasks")),
]


def test_quick_checks_refuse_a_badly_formatted_file_and_run_no_test(tmp_path):
    shutil.copytree(ROOT / "assembly" / "local", tmp_path / "assembly" / "local")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "example.env", tmp_path / "deploy")
    (tmp_path / "assembly" / "__init__.py").touch()
    (tmp_path / "templates").mkdir()
    (tmp_path / "loose.py").write_text("x = {  }\n")
    quick = [sys.executable, "-m", "assembly.local.gate", "--quick"]
    result = subprocess.run(quick, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "✗ mise en forme" in result.stdout
    assert "loose.py" in result.stdout
    assert "types" not in result.stdout
    assert "Tests" not in result.stdout


def test_hooks_call_the_gate_and_one_pattern():
    """The pattern is of pre-commit's own pygrep: tests/test_commit_messages.py tries it."""
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    assert hooks.pop("commit-message")["language"] == "pygrep"
    entries = {hook["entry"]: hook["stages"] for hook in hooks.values()}
    assert repository["repo"] == "local"
    assert entries == {"./run test --quick": ["pre-commit"], "./run test": ["pre-push"]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("demo/context.py", ["tests/demo"]),
        ("opinions/papers/actions.py", DOMAIN[:4]),
        ("templates/consultations/office.html", DOMAIN[:5]),
        ("sessions/migrations/0001_initial.py", DOMAIN[:6]),
        ("tests/factories/members.py", DOMAIN),
        ("assembly/local/gate.py", [*DOMAIN, "tests/assembly/local"]),
        ("assembly/search/README.py", [*PLATFORM, "tests/assembly/search"]),
        ("assembly/notifications/models.py", [*PLATFORM, "tests/assembly/notifications"]),
        ("tests/members/views/test_seats.py", ["tests/members"]),
        ("tests/assembly/audit/test_chain.py", ["tests/assembly/audit"]),
        ("tests/test_site.py", ["tests/test_site.py"]),
        ("tests/security/test_once.py", ["tests/security/test_once.py"]),
        ("tests/security/routes.py", []),
        ("static/css/members.css", ["tests/assembly/documents/pdf", "tests/assembly/web"]),
        ("members/README.md", []),
        ("deploy/nginx.conf", []),
    ],
)
def test_a_file_asks_for_the_tests_of_its_app_and_of_those_above(path, expected):
    assert gate.tests_of(path) == expected


@pytest.mark.parametrize(
    "path", ["pyproject.toml", "templates/base.html", "tests/conftest.py", "assembly/jobs/tasks.py"]
)
def test_what_belongs_to_no_app_asks_for_every_app(path):
    found = gate.tests_of(path)
    assert found[: len(PLATFORM)] == PLATFORM
    assert found[-1] == "tests/assembly/jobs"
    folders = [*(ROOT / "tests" / "assembly").iterdir(), *(ROOT / app for app in DOMAIN)]
    assert {str(folder.relative_to(ROOT)) for folder in folders if (folder / "__init__.py").exists()} <= {*found}


def git(folder, *arguments):
    """Run Git without any user configuration."""
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null"}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "PATH": os.environ["PATH"]}
    subprocess.run(["git", *arguments], cwd=folder, env=who, check=True, capture_output=True)


def chosen(folder):
    """Return the tests that the gate of that folder would run, and which of them take turns."""
    code = "from assembly.local import gate; said, turns = gate.tests_of_the_change(); print(*said, ':', *turns)"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def words(folder):
    """Return the folders that are run, and those of them that take turns."""
    said, turns = chosen(folder).stdout.split(" :", 1)
    return said.split(), turns.split()


def test_a_change_is_what_left_main_whether_committed_or_not(tmp_path):
    for kept in (".gitignore", "assembly/local/gate.py", "assembly/local/addresses.py", "pyproject.toml"):
        (tmp_path / kept).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / kept, tmp_path / kept)
    for app in ("members", "sessions", "opinions"):
        (tmp_path / "tests" / app).mkdir(parents=True)
        (tmp_path / app).mkdir()
        (tmp_path / app / "models.py").touch()
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "main")
    git(tmp_path, "checkout", "-qb", "branch")
    assert words(tmp_path) == ([*gate.ALWAYS], [])
    (tmp_path / "opinions" / "été.py").touch()
    said, turns = words(tmp_path)
    assert said == [*gate.ALWAYS, "tests/opinions"]
    assert turns == ["tests/answers", "tests/demo", "tests/mission"]
    git(tmp_path, "mv", "sessions/models.py", "sessions/records.py")
    git(tmp_path, "commit", "-qm", "branch")
    said, turns = words(tmp_path)
    assert said == [*gate.ALWAYS, "tests/opinions", "tests/sessions"]
    assert turns == ["tests/answers", "tests/consultations", "tests/demo", "tests/mission"]
    git(tmp_path, "branch", "-D", "main")
    assert "main" in chosen(tmp_path).stderr
