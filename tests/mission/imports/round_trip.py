"""What a round trip needs: random values for the fields of a form, other programs, one cell that is changed."""

import io
from datetime import date
from decimal import Decimal

import odfdo
import openpyxl
from django import forms
from hypothesis import strategies as st

from assembly.files.sheets import cell, without_apostrophe
from assembly.web.forms import TagsField

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


def filled(data, form_of, example, apart=frozenset()):
    """Return a valid form with random values; what is random and refused, and `apart`, stays as in the example."""
    typed = {name: str(value) for name, value in example.items()}
    for name, field in form_of(None).fields.items():
        if (
            name not in apart | {"version"}
            and (values := values_of(field)) is not None
            and data.draw(st.booleans(), name)
        ):
            typed[name] = data.draw(values, name)
    for _attempt in range(3):
        form = form_of(typed)
        if form.is_valid():
            return form
        wrong = set(form.errors) - {"__all__"} or set(typed) - set(example)
        typed = {name: text for name, text in typed.items() if name not in wrong}
        typed |= {name: str(example[name]) for name in wrong & set(example)}
    form = form_of({name: str(value) for name, value in example.items()})
    assert form.is_valid(), form.errors
    return form


def through_libreoffice(content, sheet=0):
    """Return a sheet of an OpenDocument file as LibreOffice saves it in XLSX: the same typed values."""
    table = odfdo.Document(io.BytesIO(content)).body.tables[sheet]
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


def only_sheet(content, number):
    """Return a workbook that has this sheet alone, as somebody who deletes the others."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets[:number] + book.worksheets[number + 1 :]:
        book.remove(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data, content, labels, line=2):
    """Change one cell that a person may change, of these columns; return the workbook and the label of its column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    label, column = data.draw(
        st.sampled_from([(head.value, head.column) for head in sheet[1] if head.value in labels])
    )
    text = f"{without_apostrophe(str(sheet.cell(line, column).value or ''))[:60]} Élan"
    sheet.cell(line, column).value = cell(text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), label
