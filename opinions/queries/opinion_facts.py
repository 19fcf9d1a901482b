"""Everything the printed opinion and its page on the site tell beside the text: one reading for both.

Both are public. Members are named by first name and initial; the chair, the rapporteur and guests who agreed by their
full name, for they act in an official capacity.
"""

from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.institution.queries import main_assembly
from assembly.portal.words import GLOSSARY
from assembly.ui.words import date_words, time_words
from consultations.queries.briefing import hearing_counts, public_hearings
from members.queries import active_mandates
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionLabel, PositionState
from opinions.models import (
    Amendment,
    MinorityPosition,
    Opinion,
    OpinionSection,
    OpinionVersion,
    OpinionVisa,
    PartVote,
    PrintedWords,
    ServicesRequest,
    Spokesperson,
)
from opinions.queries import amendments as amending
from opinions.queries.opinions import last_version
from opinions.queries.recommendations_data import recommendations_data, vote_data
from opinions.queries.standing_text import standing_tree
from sessions.enums import BallotState, Via

SHOWN_WORDS = 240
CHAPTERS = ("foreword", "genesis", "method", "thanks")


def document_reference(opinion: Opinion) -> str:
    """`AC2-2026-03`, that of the referral before it has one; another assembly of the house puts its name before."""
    main, assembly = main_assembly(), opinion.term.assembly
    reference = opinion.reference or opinion.referral.reference
    return reference if main is None or main.pk == assembly.pk else f"{assembly.slug.upper()}-{reference}"


def title_of(opinion: Opinion) -> str:
    """« Avis AC2-2026-03 : Bien vieillir », « Projet : Bien vieillir » before it has a reference."""
    if not opinion.reference:
        return _("Projet : %(title)s") % {"title": opinion.title}
    values = {"label": label_of(opinion), "reference": opinion.reference, "title": opinion.title}
    return _("%(label)s %(reference)s : %(title)s") % values


def label_of(opinion: Opinion) -> str:
    return str(OpinionLabel(opinion.label).label).capitalize()


def opinion_facts(opinion: Opinion, version: OpinionVersion | None = None) -> dict[str, Any]:
    """Plain values, but for `tree`, the text itself; `version` is the last one unless given."""
    version = version or last_version(opinion)
    data = recommendations_data(opinion, version)
    return {
        "reference": document_reference(opinion),
        "title": opinion.title,
        "label": label_of(opinion),
        "full_title": title_of(opinion),
        "referral": {"reference": opinion.referral.reference, "title": opinion.referral.title},
        "adopted": _adopted(opinion),
        "handover": _handover(opinion),
        "words": _words(opinion),
        "figures": _figures(opinion, data),
        "tree": version.tree if version else standing_tree(opinion),
        "text_sha256": version.sha256 if version else "",
        "data": data,
        "votes": _votes(opinion),
        "amendments": _amendments(opinion),
        "left_out": data["left_out"],
        "minority": _minority(opinion),
        "members": _members(opinion),
        "spokespersons": _spokespersons(opinion),
        "hearings": _hearings(opinion),
        "glossary": [{"slug": slug, "word": str(word), "sense": str(sense)} for slug, word, sense in GLOSSARY],
        "visas": _visas(opinion),
    }


def _adopted(opinion: Opinion) -> str:
    """« Adopté le 28 mars 2026 en séance plénière. », or nothing."""
    if opinion.adopted_on is None:
        return ""
    return _("Adopté le %(day)s par l’assemblée réunie en séance plénière.") % {
        "day": date_words(opinion.adopted_on, weekday=False)
    }


def _handover(opinion: Opinion) -> str:
    if opinion.handed_over_on is None:
        return ""
    return _("Remis le %(day)s, %(place)s. Destinataire : %(to)s.") % {
        "day": date_words(opinion.handed_over_on, weekday=False),
        "to": opinion.handed_over_to,
        "place": opinion.handed_over_place,
    }


def words_of(opinion: Opinion) -> PrintedWords:
    """The chapters written around the text, or empty ones."""
    return PrintedWords.objects.filter(opinion=opinion).first() or PrintedWords(opinion=opinion)


def _words(opinion: Opinion) -> dict[str, Any]:
    found = words_of(opinion)
    texts: dict[str, Any] = {name: paragraphs(getattr(found, name)) for name in CHAPTERS}
    return texts | {"foreword_by": found.foreword_by, "easy_read": paragraphs(opinion.easy_read)}


def paragraphs(text: str) -> list[str]:
    """Plain words cut at their blank lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def _figures(opinion: Opinion, data: dict[str, Any]) -> list[str]:
    """What was done, in sentences: groups, hearings, services, amendments, recommendations."""
    groups = OpinionSection.objects.filter(opinion=opinion, removed_at=None, committee__isnull=False)
    counted = groups.values("committee").distinct().count()
    services = ServicesRequest.objects.filter(opinion=opinion).values("directorate").distinct().count()
    heard = hearing_counts(opinion.referral)
    meetings = heard.hearings + heard.visits
    proposed = Amendment.objects.filter(version__opinion=opinion).passed().count()
    kept = len(data["recommendations"])
    told = [
        (counted, ngettext("%(n)s groupe a écrit.", "%(n)s groupes ont écrit.", counted)),
        (meetings, ngettext("%(n)s audition ou visite.", "%(n)s auditions et visites.", meetings)),
        (services, ngettext("%(n)s direction a relu.", "%(n)s directions ont relu.", services)),
        (proposed, ngettext("%(n)s amendement discuté.", "%(n)s amendements discutés.", proposed)),
        (kept, ngettext("%(n)s préconisation.", "%(n)s préconisations.", kept)),
    ]
    return [sentence % {"n": count} for count, sentence in told if count]


def _votes(opinion: Opinion) -> list[dict[str, Any]]:
    """The vote on the whole, then on each part, each with its sentence."""
    found = []
    if opinion.ballot is not None and opinion.ballot.state == BallotState.PROCLAIMED:
        found.append({"label": _("Vote sur l’ensemble"), "is_whole": True} | vote_data(opinion.ballot))
    parts = PartVote.objects.filter(opinion=opinion, dropped_at=None, ballot__state=BallotState.PROCLAIMED)
    for part in parts.select_related("ballot").order_by("position", "pk"):
        if part.ballot is not None:
            found.append({"label": part.label, "is_whole": False} | vote_data(part.ballot))
    return found


def _amendments(opinion: Opinion) -> list[dict[str, Any]]:
    """What became of each amendment that passed the check, by number; no name."""
    base = amending.base_version(opinion)
    if base is None:
        return []
    return [
        {
            "number": row.amendment.number,
            "sentence": f"{row.told.sentence} {new_words(row.told.html)}".strip(),
            "outcome": row.result or str(AmendmentState(row.amendment.state).label).capitalize(),
        }
        for row in sorted(amending.booklet(base), key=lambda row: row.amendment.number or 0)
    ]


def new_words(html: str) -> str:
    """The beginning of what an amendment adds, in quotation marks; its booklet has it whole."""
    words = " ".join(unescape(strip_tags(html.replace("</", " </"))).split())
    if not words:
        return ""
    shown = words if len(words) <= SHOWN_WORDS else words[:SHOWN_WORDS].rsplit(" ", 1)[0] + "…"
    return _("« %(words)s »") % {"words": shown}


def _minority(opinion: Opinion) -> list[dict[str, Any]]:
    rows = MinorityPosition.objects.filter(opinion=opinion, state=PositionState.SUBMITTED)
    found = []
    for row in rows.select_related("author__person").order_by("submitted_at", "pk"):
        signed = row.cosigners.filter(withdrawn_at=None).select_related("user__person").order_by("signed_at", "pk")
        people = [row.author.person, *(cosigner.user.person for cosigner in signed)]
        found.append(
            {
                "title": row.title,
                "paragraphs": paragraphs(row.body),
                "signers": [person.public_name for person in people if person is not None],
            }
        )
    return found


def _members(opinion: Opinion) -> list[dict[str, str]]:
    """Who sat on the day of the adoption, or sits today: first name, initial, canton."""
    rows = active_mandates(opinion.term_id, opinion.adopted_on)
    return [
        {
            "name": mandate.member.person.public_name,
            "canton": mandate.member.canton.name if mandate.member.canton else "",
        }
        for mandate in rows
    ]


def _spokespersons(opinion: Opinion) -> list[str]:
    rows = Spokesperson.objects.filter(draw__opinion=opinion).select_related("person").order_by("rank")
    return [row.person.public_name for row in rows]


def _hearings(opinion: Opinion) -> list[dict[str, Any]]:
    """Day, title and the names that may be given, of what was held."""
    return [
        {
            "day": date_words(row["hearing"].starts_at, weekday=False),
            "title": row["hearing"].title,
            "guests": [", ".join(filter(None, (guest.name, guest.capacity))) for guest in row["guests"]],
        }
        for row in public_hearings(opinion.referral)
        if row["hearing"].starts_at <= timezone.now()
    ]


def _visas(opinion: Opinion) -> list[dict[str, Any]]:
    """Those who approve in an official capacity, with the moment and whether it was on paper."""
    rows = OpinionVisa.objects.filter(opinion=opinion, voided_at=None).select_related("person").order_by("pk")
    return [
        {
            "name": row.person.full_name,
            "capacity": str(row.get_capacity_display()).capitalize(),
            "given_at": row.given_at,
            "note": _("Donné sur papier") if row.via == Via.PAPER else "",
            "words": _("Visa donné le %(day)s à %(hour)s")
            % {"day": date_words(row.given_at, weekday=False), "hour": time_words(row.given_at)},
        }
        for row in rows
    ]
