"""Forms of an imported office file: the file, then what each answer would change, or why it changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.cases.files import ImportedAnswer, text_of
from answers.cases.forms import AnswerGridForm
from answers.models import AnswerCase
from answers.models.answer import CONTENT
from assembly.files.fields import UploadField
from assembly.files.file_kinds import MEGABYTE
from assembly.web.forms import StyledForm
from assembly.web.versioned import Difference, differences


class TableFileForm(StyledForm):
    file = UploadField(
        label=gettext_lazy("Fichier complété"),
        kinds=("word", "csv"),
        max_size=5 * MEGABYTE,
        help_text=gettext_lazy(
            "Le fichier Word, ou le tableau enregistré en CSV : 5 Mo au plus. Rien n’est écrit avant votre accord."
        ),
    )


@dataclass(frozen=True)
class ImportComparison:
    """One answer of an imported file: what it changes (`values`, from `bases`), or why it changes nothing."""

    imported: ImportedAnswer
    case: AnswerCase | None = None
    changes: Sequence[Difference] = ()
    refusals: Sequence[str] = ()
    version: int = 0
    values: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return (
            f"{self.case.reference} {self.case.title}" if self.case else self.imported.reference or self.imported.place
        )


def compare_rows(
    rows: Sequence[ImportedAnswer], cases: Sequence[Any], can_write: Callable[[AnswerCase], bool]
) -> Iterator[ImportComparison]:
    """Yield the comparison of each answer of a file with the saved one.

    `cases`: the cases that the reader sees, each with its `versions`; `can_write`: whether they may write one now.
    """
    known = {case.reference.upper(): case for case in cases}
    times = Counter(row.reference for row in rows)
    for row in rows:
        case = known.get(row.reference)
        if not row.reference:
            yield ImportComparison(row, refusals=[_("La référence manque : on ne sait pas à quoi cela répond.")])
        elif case is None:
            yield ImportComparison(row, refusals=[_("Cette réponse n’est pas à vous dans cet avis.")])
        elif times[row.reference] > 1:
            yield ImportComparison(row, case, refusals=[_("Elle est deux fois dans le fichier : gardez-en une.")])
        elif row.errors:
            yield ImportComparison(row, case, refusals=row.errors)
        else:
            yield _compare(row, case, can_write)


def _compare(row: ImportedAnswer, case: Any, can_write: Callable[[AnswerCase], bool]) -> ImportComparison:
    answer = case.versions[0]
    saved = AnswerGridForm(instance=answer)
    texts = {name: text_of(getattr(answer, name)) for name in CONTENT} | row.texts
    data = {saved.add_prefix(name): _typed(saved.fields[name], text) for name, text in texts.items()}
    form = AnswerGridForm({**data, "version": answer.version}, instance=answer)
    if not form.is_valid():
        sentences = [
            f"{form.fields[name].label} : {error}" for name, errors in form.errors.items() for error in errors
        ]
        return ImportComparison(row, case, refusals=sentences)
    changes = differences(saved, form)
    refusals = _refusals(row, case, answer.version, can_write(case)) if changes else []
    changed = [name for name in row.texts if form[name].value() != saved[name].value()]
    values = {name: str(form.cleaned_data[name] or "") for name in changed}
    bases = {name: str(getattr(answer, name) or "") for name in changed}
    return ImportComparison(row, case, changes, refusals, answer.version, values, bases)


def _refusals(row: ImportedAnswer, case: AnswerCase, version: int, can_write: bool) -> list[str]:
    """Return why an imported answer cannot be saved."""
    if not can_write:
        state = case.get_state_display()
        return [_("Vous ne pouvez plus l’écrire : elle est « %(state)s ».") % {"state": state}]
    if row.version != str(version):
        return [
            _("Elle a changé depuis que ce fichier a été pris. Comparez ci-dessous, puis reprenez un fichier à jour.")
        ]
    return []


def _typed(asked: forms.Field, text: str) -> str:
    """Return a day as the form stores it; any other text is left for the form to refuse."""
    if not isinstance(asked, forms.DateField):
        return text
    try:
        return str(asked.to_python(text) or "")
    except ValidationError:
        return text
