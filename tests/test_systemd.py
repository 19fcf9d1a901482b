"""The units for machines without containers run what compose runs, with no more rights and the same key holders."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from assembly.local.addresses import ROOT
from assembly.local.gate import example_environment

UNITS = ROOT / "deploy" / "systemd"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
SAME = {
    "migrate": "hemicycle-migrate.service",
    "check": "hemicycle-check.service",
    "web": "hemicycle-web@.service",
    "worker": "hemicycle-worker@.service",
    "pdf": "hemicycle-pdf.service",
    "verify": "hemicycle-verify.service",
    "beat": "hemicycle-beat.service",
}
# What differs because there is no container: where it listens and how it is called.
OWN = re.compile(r"^--(host|port|hostname)=")


def lines(unit, name):
    text = (UNITS / unit).read_text(encoding="utf-8")
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


def test_every_service_of_ours_has_its_unit():
    ours = {name for name, service in COMPOSE.items() if service["image"].startswith("hemicycle:")}
    assert ours == set(SAME)


@pytest.mark.parametrize(("service", "unit"), SAME.items())
def test_a_unit_runs_the_command_of_compose(service, unit):
    [command] = lines(unit, "ExecStart")
    program, *rest = command.split()
    assert Path(program).name == COMPOSE[service]["command"][0]
    kept = [word for word in rest if not OWN.match(word)]
    assert kept == [word for word in COMPOSE[service]["command"][1:] if not OWN.match(word)]


def test_the_web_listens_on_the_loopback_where_the_proxy_looks_for_it():
    assert "--host=127.0.0.1 --port=%i" in lines("hemicycle-web@.service", "ExecStart")[0]
    proxied = re.findall(r"server 127\.0\.0\.1:(\d+);", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))
    assert proxied == re.findall(
        r"hemicycle-web@(\d+)\.service", (UNITS / "hemicycle.target").read_text(encoding="utf-8")
    )


def test_the_key_and_the_owner_are_given_where_compose_gives_them():
    told = {path.name: path.read_text(encoding="utf-8") for path in UNITS.glob("*.service")}
    assert {name for name, text in told.items() if "seal.env" in text} == {
        "hemicycle-pdf.service",
        "hemicycle-backup.service",
    }
    assert {name for name, text in told.items() if "owner.env" in text} == {"hemicycle-migrate.service"}


def test_every_unit_is_read_only_and_has_no_privilege():
    common = (UNITS / "hemicycle-.service.d" / "common.conf").read_text(encoding="utf-8").splitlines()
    assert {"ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "PrivateTmp=yes"} <= set(common)
    assert "ReadWritePaths=/var/lib/hemicycle" in common


def test_the_guide_names_every_setting_that_must_be_given():
    guide = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^([A-Z0-9_]+)=", guide, re.MULTILINE))
    for_compose = {"SITE_HOST", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SEAL_P12_PATH", "SEAL_TRUST_PATH"}
    optional = {
        "DATABASE_OWNER_PASSWORD",
        "DATABASE_PASSWORD",
        "CLAMD_ADDRESS",
        "ERROR_DSN",
        "HSTS_PRELOAD",
        "SITTING_OPENS_HOURS_BEFORE",
        "TSA_URL",
    }
    token = {name for name in example_environment() if name.startswith("SEAL_PKCS11_")}
    machine = {"PATH", "HOME", "LD_LIBRARY_PATH"}
    assert set(example_environment()) - for_compose - optional - token - machine - told == set()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_its_units(tmp_path):
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.rglob("hemicycle*.service"):
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("/opt/hemicycle/.venv", str(ROOT / ".venv"))
            path.write_text(
                re.sub(r"^(Requires|After)=.*\.service.*$", "", text, flags=re.MULTILINE), encoding="utf-8"
            )
    names = [path for path in tmp_path.glob("hemicycle*.service") if "@" not in path.name]
    for template in ("web@8001", "worker@1"):
        instance = tmp_path / f"hemicycle-{template}.service"
        shutil.copy(tmp_path / f"hemicycle-{template.split('@')[0]}@.service", instance)
        names.append(instance)
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "hemicycle" in line] == [], done.stderr
