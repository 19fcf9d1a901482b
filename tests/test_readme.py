"""The README tells the truth: every name of the environment, every package. Links are looked at by `test_docs.py`."""

import re

from assembly.local import addresses

ROOT = addresses.ROOT
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = r"env\.(?:text_setting|flag|whole_number_setting|list_setting)\(\s*\"([A-Z0-9_]+)\""
PACKAGES = ["members", "draws", "sessions", "consultations", "opinions", "answers", "mission", "demo"]


def test_the_table_names_every_variable_that_the_settings_read():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assembly" / "config").glob("*.py"))
    table = README.partition("## Configuration")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([A-Z0-9_]+)`", table, re.MULTILINE)
    assert sorted(told) == sorted(set(re.findall(READ, source)))


def test_the_map_names_every_package_and_feature():
    told = set(re.findall(r"^\| `([a-z_/]+)` \|", README, re.MULTILINE))
    inside = {f"assembly/{path.parent.name}" for path in (ROOT / "assembly").glob("*/__init__.py")}
    apps = [ROOT / app for app in PACKAGES if app != "demo"]
    features = {path.parent.relative_to(ROOT).as_posix() for app in apps for path in app.glob("*/__init__.py")}
    besides = {f"{app.name}/{folder}" for app in apps for folder in ("migrations", "templatetags", "management")}
    assert told == inside | set(PACKAGES) | (features - besides)


def test_the_licence_is_the_one_that_is_announced():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "Version 3" in text
