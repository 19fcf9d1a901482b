"""Queries of the pack and the hearings: the desk's tab, the members' page, the archive, the counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from assembly.documents.enums import UploadState
from assembly.identity.models import Person
from assembly.institution.models import CommitteeMembership
from assembly.institution.rules import term_ids
from assembly.text.french import french_enumeration
from consultations.enums import GuestKind, HearingState, LanguageLevel
from consultations.models import (
    BriefingDocument,
    BriefingPack,
    Hearing,
    HearingGuest,
    Referral,
    ReferralCommittee,
    ScopingNote,
)
from consultations.models.briefing import READERS, HearingQuerySet
from members.queries import active_mandates
from sessions.queries.calendar import event

USUAL_LENGTH = timedelta(hours=2)


def pack_of(referral: Referral) -> BriefingPack:
    """Return the pack of the referral, or an unsaved one if there is none."""
    packs = BriefingPack.objects.select_related("scheduled_by__person", "released_by__person").filter(
        referral=referral.pk
    )
    pack = packs.first() or BriefingPack(referral=referral)
    pack.referral = referral
    return pack


def documents_of(pack: BriefingPack) -> list[BriefingDocument]:
    """List the papers as they stand, in the order of the officer."""
    if pack.pk is None:
        return []
    rows = BriefingDocument.objects.current().filter(pack=pack)
    documents = list(rows.select_related("upload__blob", "hearing", "replaces").order_by("position", "pk"))
    for document in documents:
        document.pack = pack
    return documents


def note_to_add(referral: Referral, documents: list[BriefingDocument]) -> str:
    """Return the label of the button that adds the scoping note, or adds it again once it was edited; else nothing."""
    note = ScopingNote.objects.filter(referral=referral).exclude(body="").values_list("version", flat=True).first()
    printed = {document.note_version for document in documents} - {None}
    if note is None or note in printed:
        return ""
    return _("Reprendre la note de cadrage") if printed else _("Ajouter la note de cadrage")


def for_members(documents: list[BriefingDocument]) -> list[BriefingDocument]:
    """List what members can open now, easy-read first."""
    ready = [document for document in documents if document.upload is None or document.upload.is_available]
    return sorted(ready, key=lambda document: document.level != LanguageLevel.EASY_READ)


def former_versions(pack: BriefingPack) -> dict[int, list[BriefingDocument]]:
    """Return earlier versions by the key of the present paper, the latest first; removed papers are left out."""
    rows = BriefingDocument.objects.filter(pack=pack.pk).select_related("upload", "replaced_by")
    by_key = {row.pk: row for row in rows}
    versions: dict[int, list[BriefingDocument]] = {}
    for row in by_key.values():
        former, chain = row.replaces_id, []
        while former is not None and (past := by_key.get(former)) is not None:
            chain.append(past)
            former = past.replaces_id
        if chain:
            versions[row.pk] = chain
    return versions


def removed_documents(pack: BriefingPack) -> QuerySet[BriefingDocument]:
    """Return the rows of the papers that were removed."""
    rows = BriefingDocument.objects.filter(pack=pack.pk, replaced_by=None).exclude(removed_at=None)
    return rows.order_by("-removed_at", "-pk")


def readers_referral(user: Any) -> QuerySet[Referral]:
    """Return the referrals whose pack is open to this reader, in the areas of members and offices."""
    rows = Referral.objects.visible_to(user).filter(term__in=term_ids(user, READERS))
    return rows.filter(briefing__released_at__isnull=False).select_related("term__assembly")


def members_to_notify(pack: BriefingPack) -> list[Person]:
    """List everybody who sits today; who has no mail address gets a letter."""
    return [mandate.member.person for mandate in active_mandates(pack.referral.term_id)]


def due_packs(now: datetime) -> QuerySet[BriefingPack]:
    """Return the packs whose chosen moment has come."""
    return BriefingPack.objects.filter(released_at=None, release_at__lte=now).order_by("release_at", "pk")


def news() -> QuerySet[BriefingDocument]:
    """Return the additions to open packs that were not announced to members."""
    rows = BriefingDocument.objects.current().filter(pack__released_at__isnull=False, announced_at=None)
    ready = Q(upload=None) | Q(upload__withdrawn_at=None, upload__state__in=UploadState.tagged("readable"))
    return rows.filter(ready).select_related("pack__referral__term__assembly").order_by("pack", "position", "pk")


@dataclass(frozen=True)
class Counts:
    """What was held: « 6 auditions, 1 visite de site. 7 élus et 13 experts entendus. »"""

    hearings: int
    visits: int
    people: dict[str, int]

    @property
    def sentence(self) -> str:
        events = []
        if self.hearings:
            events.append(
                ngettext("%(n)s audition tenue", "%(n)s auditions tenues", self.hearings) % {"n": self.hearings}
            )
        if self.visits:
            events.append(ngettext("%(n)s visite de site", "%(n)s visites de site", self.visits) % {"n": self.visits})
        parts = [f"{', '.join(events)}."] if events else []
        if heard := self.heard:
            parts.append(_("Entendus : %(people)s.") % {"people": french_enumeration(heard, most=len(GuestKind))})
        return " ".join(parts)

    @property
    def heard(self) -> list[str]:
        """Return « 7 élus », « 13 experts »."""
        labels = {
            GuestKind.ELECTED: ("%(n)s élu", "%(n)s élus"),
            GuestKind.EXPERT: ("%(n)s expert", "%(n)s experts"),
            GuestKind.AGENT: ("%(n)s agent", "%(n)s agents"),
            GuestKind.WITNESS: ("%(n)s personne concernée", "%(n)s personnes concernées"),
        }
        counted = [(labels[kind], self.people.get(kind, 0)) for kind in GuestKind]
        return [ngettext(*forms, n) % {"n": n} for forms, n in counted if n]


def hearing_counts(referral: Referral) -> Counts:
    """Count the hearings and visits that were held, and the people heard there, each once."""
    hearings = Hearing.objects.filter(referral=referral, state=HearingState.HELD)
    kinds = dict(hearings.order_by().values_list("kind").annotate(n=Count("pk")))
    guests = HearingGuest.objects.filter(hearing__in=hearings.values("pk"), removed_at=None).order_by()
    people = dict(guests.values_list("kind").annotate(n=Count("name", distinct=True)))
    return Counts(kinds.get("hearing", 0), kinds.get("site_visit", 0), people)


def hearings_of(referral: Referral) -> list[Hearing]:
    """List all hearings of the referral, in the order of the calendar."""
    rows = Hearing.objects.filter(referral=referral).select_related("committee")
    return list(rows.prefetch_related("guests").order_by("starts_at", "pk"))


def hearing_dossier(user: Any) -> QuerySet[Hearing]:
    """Return the hearings that the user may see, with the rows that the page of one names."""
    return Hearing.objects.visible_to(user).select_related("referral__term__assembly", "committee", "created_by")


def guests_of(hearing: Hearing) -> list[HearingGuest]:
    return list(HearingGuest.objects.filter(hearing=hearing, removed_at=None).select_related("person").order_by("pk"))


def papers_of(hearing: Hearing) -> list[BriefingDocument]:
    """List the papers of the pack that came from this hearing."""
    rows = BriefingDocument.objects.current().filter(hearing=hearing).select_related("upload__blob", "pack")
    return list(rows.order_by("position", "pk"))


def public_hearings(referral: Referral) -> list[dict[str, Any]]:
    """Return what anybody may read: the day, the title, and only the names that may be given."""
    rows = Hearing.objects.filter(referral=referral).exclude(state=HearingState.CANCELLED).order_by("starts_at", "pk")
    named = HearingGuest.objects.filter(hearing=OuterRef("pk"), removed_at=None, is_public=True).order_by("pk")
    names = ArraySubquery(named.values(told=JSONObject(name="name", capacity="capacity")))
    hearings: QuerySet[Any] = rows.annotate(named=names)
    return [{"hearing": hearing, "guests": hearing.named} for hearing in hearings]


def my_hearings(user: Any) -> HearingQuerySet:
    """Return the hearings for a person's calendar: of the groups where they sit, and of the whole assembly."""
    seats = CommitteeMembership.objects.filter(committee=OuterRef("committee"), person=user.person_id, ends_on=None)
    rows = Hearing.objects.visible_to(user).filter(Q(committee=None) | Exists(seats))
    return rows.select_related("referral__term__assembly", "committee")


def event_of(hearing: Hearing) -> Event:
    """Return the calendar entry; a later version replaces the former one, a cancelled one is shown as such."""
    assembly = hearing.referral.term.assembly
    return event(
        f"{hearing.public_id}@{assembly.sender_email.rpartition('@')[2]}",
        assembly=assembly,
        title=hearing.title,
        starts_at=hearing.starts_at,
        ends_at=hearing.ends_at or hearing.starts_at + USUAL_LENGTH,
        stamp=hearing.created_at,
        sequence=hearing.version - 1,
        place=hearing.place,
        video_link=hearing.video_link,
        description=f"{hearing.referral.reference} {hearing.referral.title}".strip(),
        status="CANCELLED" if hearing.state == HearingState.CANCELLED else "CONFIRMED",
    )


def events_for(user: Any) -> list[Event]:
    """List the entries of the past year and everything to come, as for sittings."""
    rows = my_hearings(user).filter(starts_at__gte=timezone.now() - timedelta(days=366))
    return [event_of(hearing) for hearing in rows.order_by("starts_at", "pk").for_screen()]


def committees_at_work(referral: Referral) -> list[int]:
    return list(ReferralCommittee.objects.filter(referral=referral, ended_at=None).values_list("committee", flat=True))


def total_size(documents: list[BriefingDocument]) -> int:
    return sum(document.upload.blob.size for document in documents if document.upload)
