"""Indicators of referrals and hearings."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.indicators.counting import end_of
from assembly.indicators.enums import Facts, Theme, Unit
from assembly.indicators.registry import Breakdown, Indicator, RowLines, add_indicators, seen_by_team
from assembly.institution.models import Term
from assembly.web.lists import Column
from consultations.enums import GuestKind, HearingKind, HearingState, ReferralOrigin
from consultations.models import Hearing, HearingGuest, Referral


def referrals(term: Term, day: date) -> QuerySet[Referral]:
    return Referral.objects.filter(term=term, issued_at__lt=end_of(day))


def hearings(term: Term, day: date) -> QuerySet[Hearing]:
    return Hearing.objects.filter(referral__term=term, state=HearingState.HELD, starts_at__lt=end_of(day))


def guests(term: Term, day: date) -> QuerySet[HearingGuest]:
    return HearingGuest.objects.filter(hearing__in=hearings(term, day), removed_at=None)


KIND = Breakdown(
    "type", _("type"), lambda term, day: "kind", lambda term: {str(one): one.label for one in HearingKind}
)
QUALITY = Breakdown(
    "qualite", _("qualité"), lambda term, day: "kind", lambda term: {str(one): one.label for one in GuestKind}
)
ORIGIN = Breakdown(
    "origine", _("origine"), lambda term, day: "origin", lambda term: {str(one): one.label for one in ReferralOrigin}
)
NO_HEARING = _("Aucune audition n’est encore tenue.")

add_indicators(
    Indicator(
        "saisines",
        _("Saisines et auto-saisines engagées"),
        _("Questions sur lesquelles l’assemblée travaille ou a travaillé, posées par le président ou par elle-même."),
        _("nombre de saisines émises"),
        Theme.WORK,
        Unit.NUMBER,
        _("Saisines dans Hémicycle"),
        _("Aucune saisine n’est encore émise."),
        facts=Facts.DATED,
        rows=referrals,
        lines=RowLines(
            [
                Column(_("Saisine"), "title", key="saisine", order=["title__alphabetical"]),
                Column(_("Référence"), "reference", key="reference", order=["reference"]),
                Column(_("Émise le"), "issued_at", key="date", order=["issued_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.pk]),
        ),
        breakdowns=(ORIGIN,),
        is_public=True,
        order=5,
    ),
    Indicator(
        "auditions",
        _("Auditions et visites"),
        _("Auditions et visites de site tenues pour instruire les saisines."),
        _("nombre d’auditions tenues"),
        Theme.WORK,
        Unit.NUMBER,
        _("Auditions notées dans les saisines"),
        NO_HEARING,
        facts=Facts.DATED,
        rows=hearings,
        lines=RowLines(
            [
                Column(_("Audition"), "title", key="audition", order=["title__alphabetical"]),
                Column(_("Saisine"), "referral.title", key="saisine"),
                Column(_("Date"), "starts_at", key="date", order=["starts_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.referral_id]),
            related=("referral",),
        ),
        breakdowns=(KIND,),
        is_public=True,
        order=50,
    ),
    Indicator(
        "personnes-entendues",
        _("Personnes entendues"),
        _("Élus, experts, agents et personnes concernées entendus en audition. Qui vient deux fois compte deux fois."),
        _("nombre de personnes par audition tenue, additionnées"),
        Theme.WORK,
        Unit.NUMBER,
        _("Auditions notées dans les saisines"),
        NO_HEARING,
        facts=Facts.DATED,
        rows=guests,
        lines=RowLines(
            [
                Column(_("Nom"), "name", key="nom", order=["name__alphabetical"]),
                Column(_("Qualité"), "capacity", key="qualite"),
                Column(_("Audition"), "hearing.title", key="audition"),
                Column(_("Date"), "hearing.starts_at", key="date", order=["hearing__starts_at"]),
            ],
            lambda row: reverse("consultations:referral", args=[row.hearing.referral_id]),
            seen_by_team("hearing__referral__"),
            related=("hearing",),
        ),
        breakdowns=(QUALITY,),
        is_public=True,
        order=60,
    ),
)
