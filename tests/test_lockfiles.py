"""The locks name versions and hashes, never a host, so that any index serves them."""

import json
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assembly.local.addresses import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {canonicalize_name(package): version for package, version in PIN.findall(text)}


def asked_for(name: str) -> list[Requirement]:
    groups = PROJECT["dependency-groups"]
    wanted = PROJECT["project"]["dependencies"]
    return [Requirement(line) for line in (wanted if name == "prod.txt" else wanted + groups["local"] + groups["dev"])]


@pytest.mark.parametrize("name", ["prod.txt", "dev.txt"])
def test_python_lock_names_no_host_and_hashes_everything(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert [
        block.splitlines()[0] for block in blocks if not block.startswith("#") and "--hash=sha256:" not in block
    ] == []


@pytest.mark.parametrize("name", ["prod.txt", "dev.txt"])
def test_python_lock_holds_what_the_project_asks_for(name):
    locked = pins(name)
    wrong = [
        str(wanted)
        for wanted in asked_for(name)
        if not wanted.specifier.contains(locked.get(canonicalize_name(wanted.name), "none-at-all"), prereleases=True)
    ]
    assert wrong == []


def test_production_and_development_agree_on_versions():
    production, development = pins("prod.txt"), pins("dev.txt")
    assert {name: development.get(name) for name in production} == production


def test_production_leaves_out_what_is_for_this_machine():
    groups = PROJECT["dependency-groups"]
    local = {canonicalize_name(Requirement(line).name) for line in groups["local"]}
    assert local & set(pins("prod.txt")) == set()


def test_javascript_lock_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert lock["packages"][""]["devDependencies"] == asked["devDependencies"]


def test_no_other_lock_and_nothing_built_is_tracked():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    refused = re.compile(
        r"(^|/)(uv\.lock|poetry\.lock|yarn\.lock|pnpm-lock\.yaml|node_modules/|dist/|\.local/|\.venv/)"
    )
    assert [path for path in tracked if refused.search(path)] == []
