"""What a commit waits for is part of the gate: its own quick checks, and no test."""

import shutil
import subprocess
import sys

import yaml

from assembly.local.addresses import ROOT


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


def test_hooks_call_the_gate_and_no_tool_of_their_own():
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    entries = {hook["entry"]: hook["stages"] for hook in repository["hooks"]}
    assert repository["repo"] == "local"
    assert entries == {"./run test --quick": ["pre-commit"], "./run test": ["pre-push"]}
