"""Registers of the sources and items of the watch: their columns, forms, filters and due dates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.lists import Column, Filter, by_choice, column
from assembly.lists.filters import by_related, by_tag, by_word
from mission.fetcher.addresses import parse_address
from mission.fetcher.fetching import SENTENCES
from mission.fetcher.policy import CLOSED, FeedRefused
from mission.registers.declaration import Due, Register, Section, register
from mission.registers.forms import RegisterForm
from mission.watch import rules
from mission.watch.enums import SourceState, WatchState
from mission.watch.models import FETCHED, WatchItem, WatchSource
from mission.watch.workflow import ITEM_STEPS, SOURCE_STEPS

TITLES = [("oui", _("De même titre"))]


class WatchSourceForm(RegisterForm):
    """Form of a source. It refuses an address that the fetcher would refuse; a new one begins without failures."""

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address:
            try:
                parse_address(address, CLOSED)
            except FeedRefused as refused:
                raise ValidationError(SENTENCES[refused.code], code=refused.code) from None
        return address

    def values(self) -> dict[str, Any]:
        fresh = {"etag": "", "modified": "", "failures": 0, "failing_since": None, "refusal": ""}
        again = fresh | {"next_fetch_at": timezone.now()} if "address" in self.changed_data else {}
        return super().values() | again


class WatchItemForm(RegisterForm):
    """Form of an item: it refuses a double, and names the first one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        link, title = data.get("link") or "", data.get("name") or ""
        double = rules.double_of(self.term.assembly_id, link, title, timezone.localdate(), but=self.instance.pk)
        if double and title:
            text = gettext("C’est déjà noté : %(reference)s, « %(name)s ».")
            at = "link" if rules.address_key(link) == double.address_key != "" else "name"
            self.add_error(at, text % {"reference": double.reference, "name": double.name})
        return data

    def values(self) -> dict[str, Any]:
        data = super().values()
        return data | {"address_key": rules.address_key(data["link"]), "title_key": rules.title_key(data["name"])}


def why_it_fails(source: WatchSource) -> str:
    return str(SENTENCES[source.refusal]) if source.state == SourceState.ACTIVE and source.failures else ""


ITEMS = register(
    Register(
        key="watch",
        slug="veille",
        model=WatchItem,
        prefix="VE",
        title=_("Veille"),
        noun_with_article=_("l’information"),
        counted=ngettext_lazy("%(n)s information", "%(n)s informations", "n"),
        new=_("Noter une information"),
        empty=_("Textes, décisions, expériences d’autres territoires, événements : ce que la mission retient."),
        icon="search",
        order=30,
        sections=[
            Section(_("L’information"), ["name", "kind", "link", "summary"]),
            Section(_("Où et sur quoi"), ["territory", "topics", "relevance", "source", "published_on"]),
            Section(_("Suivi"), ["owner", "due_on", "notes"]),
        ],
        helps={"due_on": _("Jour de l’événement, ou date à ne pas manquer.")},
        form=WatchItemForm,
        columns=[
            column(WatchItem, "kind", "nature"),
            column(WatchItem, "territory", "territoire"),
            column(WatchItem, "topics", "themes"),
            column(WatchItem, "relevance", "interet"),
            column(WatchItem, "source", is_default=False),
            column(WatchItem, "published_on", "publication"),
        ],
        default="-publication",
        search=("name", "summary", "territory", "reference"),
        filters=[
            by_choice(WatchItem, "kind", "nature"),
            by_choice(WatchItem, "relevance", "interet"),
            by_tag(WatchItem, "topics", "theme"),
            by_word(WatchItem, "territory", "territoire"),
            by_related(WatchItem, "source", "source"),
            Filter("doublons", _("Doublons"), choices=TITLES, where=lambda value: rules.TITLED_TWICE),
        ],
        audit_events={"fetched": _("a été relevée dans un flux")},
        steps=ITEM_STEPS,
        other_pages=[(_("Composer la lettre"), "mission:digests-new")],
        path=[WatchState.NEW, WatchState.READ, WatchState.RETAINED, WatchState.SHARED],
        dues=[Due("due_on", _("À ne pas manquer : %(name)s"), 14, Q(state__in=WatchState.tagged("unshared")))],
    )
)
SOURCES = register(
    Register(
        key="sources",
        slug="sources-de-veille",
        model=WatchSource,
        prefix="SV",
        title=_("Sources de veille"),
        noun_with_article=_("la source"),
        counted=ngettext_lazy("%(n)s source", "%(n)s sources", "n"),
        new=_("Ajouter une source"),
        empty=_("Flux relevés chaque jour, ou sites que quelqu’un lit."),
        icon="broadcast",
        order=31,
        sections=[
            Section(_("La source"), ["name", "kind", "address"]),
            Section(_("Ce qu’elle donne"), ["item_kind", "territory", "topics"]),
        ],
        form=WatchSourceForm,
        columns=[
            column(WatchSource, "kind", "forme"),
            column(WatchSource, "item_kind", "nature"),
            column(WatchSource, "fetched_at", "releve"),
            Column(_("Échecs"), "failures", "echecs", ["failures"], number=True),
        ],
        search=("name", "address", "territory", "reference"),
        filters=[by_choice(WatchSource, "kind", "forme"), by_choice(WatchSource, "item_kind", "nature")],
        steps=SOURCE_STEPS,
        sentence=why_it_fails,
        dues=[Due("failing_since", _("Source en échec depuis une semaine : %(name)s"), -7, FETCHED)],
    )
)
