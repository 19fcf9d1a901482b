"""Predicates and guards of the steps of a grant: days, pieces, interests, marks, amounts."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.workflow import Permission
from mission.grants.models import (
    GrantApplication,
    GrantScheme,
    GrantScore,
    GrantState,
    ReaderInterest,
    SchemePiece,
    SchemeState,
)
from mission.registers.declaration import registers
from mission.registers.rules import TEAM

LINK = Signer(salt="mission.grants.deposit")  # `DepositLink` stores what it opens, for whom and until when
BEST_MARK = 5
DRAFT_RETENTION = timedelta(days=60)
CONTACT_RETENTION = timedelta(days=365)
KEY_LENGTH = 32
# A civility, or what a sole trader must write beside the name since 2022 (« EI »).
PERSONAL_NAME = re.compile(
    r"^(m\.|mme|mlle|monsieur|madame|mademoiselle)\s|\b(ei|entrepreneur individuel|entreprise individuelle)\b",
    re.IGNORECASE,
)


def is_open(scheme: GrantScheme, now: datetime) -> bool:
    """Return whether the scheme is published and within its days, the last one until midnight (Paris time)."""
    return scheme.state == SchemeState.PUBLISHED and scheme.opens_on <= timezone.localdate(now) <= scheme.closes_on


def is_natural_person(row: GrantApplication) -> bool:
    """Return whether the name is that of a natural person, who is not named in open data.

    Applications are those of associations; a number of the register of associations proves it.
    """
    return not row.rna and PERSONAL_NAME.search(row.name) is not None


def new_token() -> str:
    return LINK.sign(get_random_string(KEY_LENGTH))


def digest_of(token: str) -> str:
    """Return the digest that is stored of a link; empty for a forged token."""
    try:
        key = LINK.unsign(token)
    except BadSignature:
        return ""
    return salted_hmac("mission.grants.deposit", key, algorithm="sha256").hexdigest()


def awaits_decision(row: GrantApplication) -> bool:
    """Return whether the association reads only that the decision will come: from the committee until it is announced.

    Before and after the vote it reads the same.
    """
    states = [GrantState.COMMITTEE, *GrantState.tagged("decided")]
    return row.state in states and row.decision_sent_at is None


def can_withdraw_by_link(row: GrantApplication) -> bool:
    return row.state in GrantState.tagged("undecided") and not awaits_decision(row)


# Completeness


def missing_pieces(row: GrantApplication) -> list[SchemePiece]:
    """Return the required pieces without any document."""
    pieces = row.documents.exclude(piece=None).values("piece")
    return list(SchemePiece.objects.filter(row=row.scheme_id, is_required=True).exclude(pk__in=pieces).order_by("pk"))


def owed_accounts(row: GrantApplication) -> list[GrantApplication]:
    """Return the paid grants of the same association whose use is not reported yet."""
    same = GrantApplication.objects.filter(same_association(row.siret, row.rna), assembly=row.assembly_id)
    owing = same.filter(state=GrantState.PAID, reported_on=None)
    return list(owing.exclude(pk=row.pk).order_by("reference__alphabetical"))


def account_label(row: GrantApplication) -> str:
    return _("le compte rendu financier de la subvention %(reference)s") % {"reference": row.reference}


def missing_labels(row: GrantApplication) -> list[str]:
    """Return the labels of everything missing."""
    labels = [piece.label for piece in missing_pieces(row)]
    labels += [account_label(owing) for owing in owed_accounts(row)]
    return labels if row.has_committed else [*labels, _("la souscription du contrat d’engagement républicain")]


def check_complete(row: GrantApplication) -> None:
    if labels := missing_labels(row):
        raise ValidationError(_("Il manque : %(pieces)s.") % {"pieces": ", ".join(labels)}, code="pieces")


def same_numbers(siret: str, rna: str) -> Q:
    """Return the condition of an application with exactly the same SIRET or RNA number."""
    condition = Q(siret=siret) if siret else Q(pk=None)
    return condition | Q(rna=rna) if rna else condition


def doubles_of(row: GrantApplication) -> list[GrantApplication]:
    """Return the other applications with the same number for the same scheme.

    Whoever typed the number may not belong to the association: all are accepted, and the team examines them.
    """
    same = GrantApplication.objects.filter(same_numbers(row.siret, row.rna), scheme=row.scheme_id)
    return list(
        same.exclude(pk=row.pk).exclude(state__in=GrantState.tagged("dropped")).order_by("reference__alphabetical")
    )


def check_no_double(row: GrantApplication) -> None:
    """Raise ValidationError while another application with the same number is neither refused nor withdrawn."""
    if doubles := doubles_of(row):
        raise ValidationError(
            _("Doublon à examiner : %(references)s. Refusez ou notez le retrait de celles qui ne restent pas.")
            % {"references": ", ".join(double.reference for double in doubles)},
            code="double",
        )


# Readers and marks

READER = Permission[GrantApplication](
    lambda user, row: TEAM(user, row) and any(pk == user.pk and not has_mark for pk, has_mark in row.readers),
    "qui lit et n’a pas encore noté",
)


def same_association(siret: str, rna: str) -> Q:
    """Return the condition of a row of the same association, by its SIREN or its RNA number.

    The nine digits of a SIREN name an association, the five others of a SIRET one of its places.
    """
    condition = Q(siret__startswith=siret[:9]) if siret else Q(pk=None)
    return condition | Q(rna=rna) if rna else condition


def has_interest(user_id: int | None, siret: str, rna: str) -> bool:
    return ReaderInterest.objects.filter(same_association(siret, rna), user=user_id).exists()


def accepts_documents(row: GrantApplication) -> bool:
    """Return whether the team may still attach a document: until somebody reads the application."""
    return row.state != GrantState.ASSESSMENT or not (row.first_reader_id or row.second_reader_id)


def has_missing_reader(row: GrantApplication) -> bool:
    return not (row.first_reader_id and row.second_reader_id)


def is_blind(user: User, row: GrantApplication) -> bool:
    """Return whether this user still has to give marks, and therefore must not see those of the other reader."""
    return any(pk == user.pk and not has_read for pk, has_read in row.readers)


def can_read_papers(user: User, row: GrantApplication) -> bool:
    """Return whether the user sees the application, and is no reader who still has to give marks."""
    return registers["grants"].visible_to(user).filter(pk=row.pk).exists() and not is_blind(user, row)


def check_readers_named(row: GrantApplication) -> None:
    if has_missing_reader(row):
        raise ValidationError(_("Désignez deux personnes qui lisent cette demande."), code="readers")


def check_marks(row: GrantApplication) -> None:
    """Raise ValidationError unless both have read and, where their marks are far apart, have talked."""
    if row.score is None:
        raise ValidationError(_("Les deux lectures ne sont pas encore rendues."), code="marks")
    if has_wide_gap(row) and not row.discussion:
        raise ValidationError(
            _("L’écart entre les notes est de %(gap)s sur 100 : notez d’abord l’échange entre les deux personnes.")
            % {"gap": f"{row.gap:n}".replace(".", ",")},
            code="discussion",
        )


def has_wide_gap(row: GrantApplication) -> bool:
    return row.gap is not None and row.gap > row.scheme.discussion_gap


def needs_discussion(row: GrantApplication) -> bool:
    return row.score is not None and has_wide_gap(row) and not row.discussion


def weighted(scores: Iterable[GrantScore]) -> Decimal:
    """Return the marks of one reader as a number out of a hundred, each multiplied by its weight."""
    rows = list(scores)
    most = sum(BEST_MARK * score.criterion.weight for score in rows)
    reached = sum(score.points * score.criterion.weight for score in rows)
    return (Decimal(100 * reached) / most).quantize(Decimal("0.1")) if most else Decimal(0)


# Money


def is_payable(row: GrantApplication) -> bool:
    """Return whether the grant is voted and its use not reported yet."""
    return row.state in GrantState.tagged("awarded") and row.reported_on is None


def can_be_paid(row: GrantApplication) -> bool:
    """Return whether a payment may be noted: after the vote and the agreement it needs, while money is left."""
    if not is_payable(row):
        return False
    signed = not row.needs_agreement or row.agreement_signed_on is not None
    return signed and paid_sum(row) < (row.voted_amount or 0)


def check_agreement_signed(row: GrantApplication) -> None:
    if row.needs_agreement and row.agreement_signed_on is None:
        raise ValidationError(
            _("Au-dessus de 23 000 euros, une convention est signée avant le versement."), code="agreement"
        )


def paid_sum(row: GrantApplication, *, but: int | None = None) -> Decimal:
    """Return the sum of the payments; `but`: key of a payment that is being corrected."""
    rows = row.payments.exclude(pk=but) if but else row.payments.all()
    total = rows.aggregate(sum=Sum("amount"))["sum"]
    return total or Decimal(0)


def check_payment(row: GrantApplication) -> None:
    if not row.payments.exists():
        raise ValidationError(_("Notez d’abord le versement, sous « Versements »."), code="payment")


# Schemes


def check_publishable(scheme: GrantScheme) -> None:
    """Raise ValidationError without a criterion, without two readers, or if the last day is past."""
    missing = []
    if not scheme.criteria.exists():
        missing.append(_("un critère"))
    if scheme.readers.count() < 2:
        missing.append(_("deux personnes qui lisent"))
    if missing:
        raise ValidationError(_("Il manque : %(what)s.") % {"what": ", ".join(missing)}, code="rules")
    if scheme.closes_on < timezone.localdate():
        raise ValidationError(_("Le dernier jour est déjà passé."), code="closes_on")
