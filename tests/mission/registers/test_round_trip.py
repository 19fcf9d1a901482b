"""What leaves as a workbook comes back: no difference for random rows of each register; a changed cell is found."""

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal

import odfdo
import openpyxl
import pytest
from django import forms
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from assembly.files.sheets import cell, without_apostrophe
from assembly.imports.tables import read_table
from assembly.web.forms import TagsField
from mission.registers import actions
from mission.registers.declaration import registers
from mission.registers.forms import form_for, row_form
from mission.registers.importing import form_rows
from tests.mission.example import EXAMPLES

SIGNS = "abÉœ zZ09'’\"=+-@%|#;,.<&\u00a0"
texts = st.text(SIGNS, min_size=1, max_size=30)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))


def values_of(field):
    """Return the texts that somebody types in a field; None where only the example is right."""
    match field:
        case TagsField():
            return st.lists(st.text("abé 0'-=", min_size=1, max_size=12), max_size=3).map(", ".join)
        case forms.TypedChoiceField() | forms.ChoiceField() if not isinstance(field, forms.ModelChoiceField):
            return st.sampled_from([str(value) for value, _label in field.choices if value != ""])
        case forms.BooleanField():
            return st.sampled_from(["", "on"])
        case forms.DateField():
            return days.map(str)
        case forms.DecimalField():
            return st.decimals(0, 99_999, places=2).map(lambda number: str(number).replace(".", ","))
        case forms.IntegerField():
            return st.integers(0, 120).map(str)
        case forms.CharField() if type(field) is forms.CharField:
            many = isinstance(field.widget, forms.Textarea)
            return st.lists(texts, min_size=1, max_size=3).map("\r\n".join) if many else texts
    return None


def made(data, key, people, number):
    """Make a row as its form does: what is random and refused stays as in the example."""
    register, by, example = registers[key], people["officer"], EXAMPLES[key].values(people)
    example["name"] = f"{example['name']} {number}"
    if "address" in example:
        example["address"] = f"{example['address']}/{number}"
    typed = {name: str(value) for name, value in example.items()}
    for name, field in row_form(key).base_fields.items():
        if name != "version" and (values := values_of(field)) is not None and data.draw(st.booleans(), name):
            typed[name] = data.draw(values, name)
    for _attempt in range(3):
        form = form_for(register, people.term, by, None, typed)
        if form.is_valid():
            return actions.create(register, people.term, by=by, values=form.values())
        wrong = set(form.errors) - {"__all__"} or set(typed) - set(example)
        typed = {name: text for name, text in typed.items() if name not in wrong}
        typed |= {name: str(example[name]) for name in wrong & set(example)}
    form = form_for(register, people.term, by, None, example)
    assert form.is_valid(), form.errors
    return actions.create(register, people.term, by=by, values=form.values())


def planned(key, content, people):
    plan = form_rows(registers[key]).plan(read_table(content), people.term)
    assert (plan.stops, plan.errors) == ([], [])
    return plan.rows


def through_libreoffice(content):
    """Return the first sheet of an OpenDocument file as LibreOffice saves it in XLSX: the same typed values."""
    table = odfdo.Document(io.BytesIO(content)).body.tables[0]
    book = openpyxl.Workbook()
    for row in table.rows:
        for each in row.cells:
            kind, value = each.type, each.value
            if kind == "string":
                value = "\n".join(part.text_recursive for part in each.paragraphs)
            target = book.active.cell(row.y + 1, each.x + 1, float(value) if isinstance(value, Decimal) else value)
            target.number_format = {"percentage": "0%", "string": "@"}.get(kind, target.number_format)
            if kind == "string" and value:
                target.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data, key, content):
    """Change one cell that a person may change; return the workbook and the label of its column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, fields = book.worksheets[0], row_form(key).base_fields
    labels = {str(fields[name].label): name for name in fields if type(fields[name]) is forms.CharField}
    places = [
        (head.value, head.column)
        for head in sheet[1]
        if labels.get(head.value) in ("name", "notes", "place", "summary", "territory")
    ]
    label, column = data.draw(st.sampled_from(places))
    sheet.cell(2, column).value = f"{without_apostrophe(str(sheet.cell(2, column).value or ''))[:100]} Élan"
    if str(sheet.cell(2, column).value).startswith(("=", "+")):
        sheet.cell(2, column).value = cell(sheet.cell(2, column).value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), label


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
        file, label = changed(data, key, content)
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
