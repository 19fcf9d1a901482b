"""Register of the watch letters: opening the form composes a letter, which is corrected, then sent."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.lists import column
from mission.digests.models import WatchDigest
from mission.digests.workflow import DIGEST_STEPS
from mission.letters.enums import LetterState
from mission.letters.forms import BODY_HELP, LetterForm
from mission.registers.declaration import Register, Section, register
from mission.watch.enums import WatchState
from mission.watch.mails import composed_text
from mission.watch.models import WatchItem


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
        icon="envelope",
        order=32,
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
