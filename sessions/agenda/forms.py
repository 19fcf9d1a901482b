"""Forms of the agenda and of its documents."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly.files.fields import UploadField
from assembly.web import pagination
from assembly.web.forms import Picker, StyledForm
from assembly.web.outline import DurationField, LineTitleField, OutlineLineForm
from sessions.agenda import topics
from sessions.models import AgendaItem, AgendaKind, Sitting
from sessions.sittings.rules import day_of, moment

type Find = Callable[..., list[tuple[str, str]]]  # `topics.offered` for a reader and a term
KEY = re.compile(rf"[\w.]+{topics.SEPARATOR}\d{{1,18}}")


class TopicField(Picker):
    """Field of the topic of an item, « type:id », among the rows of `find` (`topics.offered`)."""

    find: Find
    empty_label = _("Rien de particulier")
    placeholder = _("Un mot du titre, ou la référence")

    @cached_property
    def first(self) -> list[tuple[str, str]]:
        """Return the first rows, read once: they show whether there are any, and all of them if they fit in a list."""
        return self.find(most=pagination.WHOLE_LIST + 1)

    def rows(self, *, key: Any = None, tokens: Sequence[str] = (), most: int) -> list[tuple[str, str]]:
        return self.find(key=key or "", tokens=tokens, most=most) if key or tokens else self.first

    def is_key(self, value: Any) -> bool:
        return bool(KEY.fullmatch(str(value)))

    def to_python(self, value: Any) -> Any:
        key = super().to_python(value)
        if key and not self.rows(key=key, most=1):
            raise ValidationError(_("Choisissez une réponse de la liste."), code="invalid_choice")
        return key or ""


class ItemForm(StyledForm):
    """Form of one agenda item."""

    title = forms.CharField(label=_("Titre du point"), max_length=240)
    kind = forms.ChoiceField(label=_("Nature"), choices=AgendaKind, initial=AgendaKind.DISCUSSION)
    minutes = DurationField(label=_("Durée"), initial=15, help_text=_("20, 1 h ou 1 h 30."))
    speaker = forms.CharField(label=_("Qui présente ?"), max_length=160, required=False)
    note = forms.CharField(label=_("Présentation"), max_length=2000, required=False, widget=forms.Textarea)
    is_internal = forms.BooleanField(
        label=_("Point interne"), required=False, help_text=_("Vu de l’équipe seulement, absent de la convocation.")
    )
    topic = TopicField(
        label=_("Porte sur"), required=False, help_text=_("Ses décisions et ses votes se liront aussi sur cette page.")
    )

    def __init__(self, *args: Any, find: Find | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.find = find
        if find is None or not topic.first:
            del self.fields["topic"]

    def values(self) -> dict[str, Any]:
        """Return the fields that the action writes; a topic that the form did not offer is not among them."""
        left_out = ("under", "topic")
        fields = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return fields | (topics.choice_parts(self.cleaned_data["topic"]) if "topic" in self.fields else {})


class EditItemForm(ItemForm):
    """Form of an existing item, with the fingerprint of what was read: a late save shows both texts."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "version"}


class NewItemForm(ItemForm):
    """Form of a new item, at the end or under another one."""

    under = forms.ModelChoiceField(
        label=_("Sous le point"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("Aucun : c’est un point"),
    )

    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(sitting=sitting, parent=None, removed_at=None).order_by("position")
        self.fields["under"].queryset = items  # type: ignore[attr-defined]  # -- a ModelChoiceField


class ItemLineForm(OutlineLineForm):
    """Form of an item as one line; an empty duration does not change the present one."""

    title = LineTitleField(label=_("Titre du point"), max_length=240)
    minutes = DurationField(label=_("Durée"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and not self.data.get("minutes"):
            del self.fields["minutes"]


class HoursForm(StyledForm):
    """Form of the hours at which an item was opened and closed, on the day or the night of the sitting."""

    opened = forms.TimeField(label=_("Ouvert à"), required=False)
    closed = forms.TimeField(label=_("Clos à"), required=False)

    def __init__(self, *args: Any, starts_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts_at = starts_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opened, closed = data.get("opened"), data.get("closed")
        data["opened_at"] = moment(day_of(opened, self.starts_at), opened) if opened else None
        data["closed_at"] = moment(day_of(closed, self.starts_at), closed) if closed else None
        if data["closed_at"] and not data["opened_at"] and "opened" not in self.errors:
            self.add_error("opened", _("Donnez aussi l’heure d’ouverture."))
        elif data["closed_at"] and data["closed_at"] < data["opened_at"]:
            self.add_error("closed", _("La clôture doit venir après l’ouverture."))
        return data


class PaperForm(StyledForm):
    """Form of a document: the file passes the upload checks, the title is what people read."""

    file = UploadField(
        label=_("Fichier"),
        kinds=("pdf", "office", "image"),
        help_text=_("PDF, Word, Excel, OpenDocument ou image, 20 Mo au plus."),
    )
    title = forms.CharField(label=_("Titre"), max_length=200, required=False, help_text=_("Sinon, le nom du fichier."))
    item = forms.ModelChoiceField(
        label=_("Point concerné"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("Toute la séance"),
    )
    is_internal = forms.BooleanField(label=_("Réservé à l’équipe"), required=False)

    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(sitting=sitting, removed_at=None).order_by("position")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]  # -- a ModelChoiceField
