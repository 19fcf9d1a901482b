"""Registers of the items, sources and letters of the watch: columns, forms, filters, due dates; widget of an item."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.institution.menu import MenuHeading
from assembly.lists import Column, Filter, by_choice, column
from assembly.lists.filters import by_related, by_tag, by_word
from assembly.notifications.registry import add_messages
from assembly.web.widgets import Widget, add_widget
from mission.fetcher.fetching import SENTENCES
from mission.letters.models import LetterState
from mission.letters.workflow import BODY_HELP, LetterForm
from mission.registers.declaration import Due, Register, Section, register
from mission.registers.queries import links_of
from mission.watch import rules
from mission.watch.forms import WatchItemForm, WatchSourceForm
from mission.watch.mails import WatchDigestMessage, composed_text
from mission.watch.models import FETCHED, SourceState, WatchDigest, WatchItem, WatchSource, WatchState
from mission.watch.workflow import DIGEST_STEPS, ITEM_STEPS, SOURCE_STEPS

TITLES = [("oui", _("De même titre"))]


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
        heading=MenuHeading.WRITING,
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
        dues=[Due("due_on", _("À ne pas manquer : « %(name)s »"), 14, Q(state__in=WatchState.tagged("unshared")))],
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
        heading=MenuHeading.WRITING,
        order=31,
        tab_of="watch",
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


class WatchDigestForm(LetterForm):
    """Form of a letter; for a new one, the text is composed from the retained items."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and not self.is_bound:
            items = WatchItem.objects.filter(assembly=self.term.assembly_id, state=WatchState.RETAINED).select_related(
                "source"
            )
            month = date_format(timezone.localdate(), "F Y")
            self.initial = {
                **self.initial,
                "name": gettext("Veille, %(month)s") % {"month": month},
                "body": composed_text(items),
            }


DIGESTS = register(
    Register(
        key="digests",
        slug="lettres-de-veille",
        model=WatchDigest,
        prefix="LV",
        title=_("Lettres de veille"),
        new=_("Composer la lettre"),
        noun_with_article=_("la lettre"),
        counted=ngettext_lazy("%(n)s lettre", "%(n)s lettres", "n"),
        empty=_("La prochaine est composée de ce qui est retenu, puis corrigée avant de partir."),
        heading=MenuHeading.WRITING,
        order=32,
        tab_of="watch",
        sections=[Section(_("La lettre"), ["name", "body"])],
        helps={"body": BODY_HELP},
        form=WatchDigestForm,
        columns=[column(WatchDigest, "sent_at", "envoi")],
        default="-reference",
        template="mission/watch/digest_show.html",
        audit_events={
            "reader_added": _("a ajouté un destinataire de la lettre de veille"),
            "reader_removed": _("a retiré un destinataire de la lettre de veille"),
        },
        steps=DIGEST_STEPS,
        path=[LetterState.DRAFT, LetterState.SENT],
        locked_states=[LetterState.SENT],
        other_pages=[(_("Destinataires"), "mission:digest-readers")],
    )
)

SHOWN = 5


def item_widget(user: Any, subject: WatchItem) -> Widget:
    context = {
        "item": subject,
        "links": links_of(ITEMS, subject, user),
        "alike": rules.titled_alike(subject)[:SHOWN],
        "can_write": ITEMS.can_write(user, subject),
    }
    return Widget("mission/watch/_item.html", context)


add_widget("register-watch", item_widget)

add_messages(WatchDigestMessage)
