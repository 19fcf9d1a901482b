"""Optional mails to the author and the signers about the state of an amendment: at most one each working morning."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import Person
from assembly.institution.models import Assembly
from assembly.notifications.actions.daily import SEND_TIME
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet
from opinions.amendments.queries import format_result, full
from opinions.models import Amendment, AmendmentCosigner, AmendmentState

A = AmendmentState


@dataclass(frozen=True)
class AmendmentNewsMessage:
    """The amendment, the sentence about its state, the reasons, its address."""

    title: str
    sentence: str
    reasons: str
    url: str


class AmendmentNews(MessageKind):
    kind = "amendment-news"
    template = "opinions/amendments/mail/news"
    label = gettext_lazy("Ce que devient un amendement")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = Amendment.objects.filter(pk__in=delivery.context["amendments"])
        lines = [news_of(amendment) for amendment in full(rows).order_by("number", "pk")]
        return {"lines": lines, "count": len(lines)}


def news_of(amendment: Amendment) -> AmendmentNewsMessage:
    opinion = amendment.version.opinion
    title = _("Amendement n°\u00a0%(n)s, avis %(ref)s") % {"n": amendment.number, "ref": opinion.reference}
    url = f"{settings.SITE_URL}{reverse('opinions:my-amendment', args=[amendment.pk])}"
    return AmendmentNewsMessage(title, news_sentence(amendment), amendment.check_reason or amendment.end_reason, url)


def news_sentence(amendment: Amendment) -> str:
    """Return one sentence about the state of the amendment."""
    if sentence := format_result(amendment):
        return sentence
    match amendment.state:
        case A.ADMISSIBLE:
            return _("Il est recevable : il sera appelé en séance.")
        case A.INADMISSIBLE:
            return _("Il n’est pas recevable.")
        case A.RAPPORTEUR_VIEW:
            return _("Le rapporteur a donné son avis : %(view)s.") % {"view": amendment.get_view_stance_display()}
        case A.MERGED:
            number = amendment.merged_into.number if amendment.merged_into else ""
            return _("Il se poursuit dans l’amendement n°\u00a0%(n)s.") % {"n": number}
        case A.FELL:
            return _("Il est tombé.")
    return str(amendment.get_state_display()).capitalize() + "."


KIND = "amendment-news"
LOCK = 0x414D444E  # « AMDN »


def amendments_to_announce() -> QuerySet[Amendment]:
    """Return the amendments whose author was not yet informed of their present state."""
    rows = Amendment.objects.filter(state__in=A.tagged("news")).exclude(state=F("author_announced_state"))
    return rows.filter(author__user__is_active=True, author__anonymised_at=None)


def signatures_to_announce() -> QuerySet[AmendmentCosigner]:
    """Return the signatures whose signer was not yet informed of the present state of the amendment."""
    rows = AmendmentCosigner.objects.filter(signed_at__isnull=False, amendment__state__in=A.tagged("news"))
    uninformed = rows.exclude(announced_state=F("amendment__state"))
    return uninformed.filter(person__user__is_active=True, person__anonymised_at=None)


def send_all(now: datetime) -> int:
    """Send this morning's news, except too early or on a day of rest, and return the number of recipients."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    assembly_ids = [*amendments_to_announce().values_list("version__opinion__term__assembly", flat=True)]
    assembly_ids += signatures_to_announce().values_list("amendment__version__opinion__term__assembly", flat=True)
    assemblies = Assembly.objects.filter(pk__in=set(assembly_ids)).defer("logo_png")
    return sum(send(assembly, local) for assembly in assemblies)


@transaction.atomic
def send(assembly: Assembly, local: datetime) -> int:
    """Create one distribution for each day and assembly, however many clocks run; return the number of recipients."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, assembly.pk])
    key = f"{KIND}:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    written = list(
        amendments_to_announce()
        .filter(version__opinion__term__assembly=assembly)
        .select_related("author", "version__opinion__term")
        .select_for_update(of=("self",), no_key=True)
    )
    signed = list(
        signatures_to_announce()
        .filter(amendment__version__opinion__term__assembly=assembly)
        .select_related("person", "amendment__version__opinion__term")
    )
    news: dict[Person, set[int]] = defaultdict(set)
    for amendment in written:
        news[amendment.author].add(amendment.pk)
    for row in signed:
        news[row.person].add(row.amendment_id)
    if not news:
        return 0
    about = [*written, *(row.amendment for row in signed)]
    distribute(
        KIND,
        assembly,
        [Recipient(person, {"amendments": sorted(amendment_ids)}) for person, amendment_ids in news.items()],
        by=None,
        title=_("Vos amendements, %(day)s") % {"day": format_date(local.date())},
        key=key,
        term=max((one.version.opinion.term for one in about), key=lambda term: term.number),
        letter=False,
    )
    note_announced(written, signed)
    return len(news)


def note_announced(written: list[Amendment], signed: list[AmendmentCosigner]) -> None:
    Amendment.objects.filter(pk__in=[one.pk for one in written]).update(author_announced_state=F("state"))
    for row in signed:
        AmendmentCosigner.objects.filter(pk=row.pk).update(announced_state=row.amendment.state)
