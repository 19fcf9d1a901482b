"""What leaves as a workbook comes back: no difference for random rows of each register; a changed cell is found."""

import shutil
import subprocess
from functools import partial

import pytest
from django import forms
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from assembly.imports.tables import read_table
from mission.registers import actions
from mission.registers.declaration import registers
from mission.registers.forms import form_for, row_form
from mission.registers.importing import form_rows
from tests.mission.example import EXAMPLES
from tests.mission.imports.round_trip import changed, filled, through_libreoffice


def made(data, key, people, number):
    """Make a row as its form does."""
    register, by, example = registers[key], people["officer"], EXAMPLES[key].values(people)
    example["name"] = f"{example['name']} {number}"
    if "address" in example:
        example["address"] = f"{example['address']}/{number}"
    form = filled(data, partial(form_for, register, people.term, by, None), example)
    return actions.create(register, people.term, by=by, values=form.values())


def planned(key, content, people):
    plan = form_rows(registers[key]).plan(read_table(content), people.term)
    assert (plan.stops, plan.errors) == ([], [])
    return plan.rows


def labels_of(key):
    """Return the labels of texts that a person may change at will."""
    fields = row_form(key).base_fields
    names = [name for name in ("name", "notes", "place", "summary", "territory") if name in fields]
    return {str(fields[name].label) for name in names if type(fields[name]) is forms.CharField}


@pytest.fixture
def desk(signed_in):
    return signed_in("officer")


@pytest.mark.parametrize("key", sorted(EXAMPLES))
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_went_out_comes_back_without_a_difference(data, key, people, desk):
    with transaction.atomic():
        rows = [made(data, key, people, number) for number in range(2)]
        address = f"/bureau/mission/{registers[key].slug}/export/?format="
        content = desk.get(f"{address}xlsx").content
        for file in (content, through_libreoffice(desk.get(f"{address}ods").content)):
            lines = [line for line in planned(key, file, people) if line["row"] in [row.pk for row in rows]]
            assert [(line["plan"], line["values"]) for line in lines] == [("same", [])] * 2
        file, label = changed(data, content, labels_of(key))
        lines = planned(key, file, people)
        values = [value["label"] for line in lines for value in line["values"] if "before" in value]
        assert values == [label]
        transaction.set_rollback(True)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_libreoffice_saved_comes_back_without_a_difference(suffix, people, desk, tmp_path):
    pks = {key: example.row(people, example.first_state).pk for key, example in EXAMPLES.items()}
    for key in pks:
        answer = desk.get(f"/bureau/mission/{registers[key].slug}/export/?format={suffix}")
        (tmp_path / f"{key}.{suffix}").write_bytes(answer.content)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "saved", *tmp_path.glob(f"*.{suffix}")], check=True, timeout=300)
    for key, pk in pks.items():
        lines = planned(key, (tmp_path / "saved" / f"{key}.xlsx").read_bytes(), people)
        assert [(line["plan"], line["values"]) for line in lines if line["row"] == pk] == [("same", [])], key
