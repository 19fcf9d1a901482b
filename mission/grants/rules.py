"""What is asked before each step of a grant: days, pieces, interests, marks, sums."""

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
from assembly.workflow import Who
from mission.grants.enums import BEING_PAID, GONE, OWES_ACCOUNT, SchemeState
from mission.grants.models import GrantApplication, GrantScheme, GrantScore, ReaderInterest, SchemePiece
from mission.registers.declaration import registers
from mission.registers.rules import TEAM

LINK = Signer(salt="mission.grants.deposit")  # what it opens, for whom and until when: `DepositLink`
BEST_MARK = 5
DRAFTS_KEPT = timedelta(days=60)
CONTACTS_KEPT = timedelta(days=365)
KEY_LENGTH = 32


def is_open(scheme: GrantScheme, now: datetime) -> bool:
    """Published, from its first day on until midnight after the last one, by the clock of the house (Paris)."""
    return scheme.state == SchemeState.PUBLISHED and scheme.opens_on <= timezone.localdate(now) <= scheme.closes_on


def new_token() -> str:
    return LINK.sign(get_random_string(KEY_LENGTH))


def digest_of(token: str) -> str:
    """What is kept of a link; empty for one that was made up."""
    try:
        key = LINK.unsign(token)
    except BadSignature:
        return ""
    return salted_hmac("mission.grants.deposit", key, algorithm="sha256").hexdigest()


# Completeness


def missing_pieces(row: GrantApplication) -> list[SchemePiece]:
    """Required pieces without any document."""
    given = row.documents.exclude(piece=None).values("piece")
    return list(SchemePiece.objects.filter(row=row.scheme_id, is_required=True).exclude(pk__in=given).order_by("pk"))


def owed_accounts(row: GrantApplication) -> list[GrantApplication]:
    """Grants of the same association, paid once, whose use was never accounted for."""
    same = GrantApplication.objects.filter(same_association(row.siret, row.rna), assembly=row.assembly_id)
    owing = same.filter(state__in=OWES_ACCOUNT)
    return list(owing.exclude(pk=row.pk).order_by("reference"))


def account_words(row: GrantApplication) -> str:
    return _("le compte rendu financier de la subvention %(reference)s") % {"reference": row.reference}


def lacks(row: GrantApplication) -> list[str]:
    """Everything that lacks, in words."""
    found = [piece.label for piece in missing_pieces(row)]
    found += [account_words(owing) for owing in owed_accounts(row)]
    return found if row.has_committed else [*found, _("la souscription du contrat d’engagement républicain")]


def is_all_there(row: GrantApplication) -> None:
    if found := lacks(row):
        raise ValidationError(_("Il manque : %(pieces)s.") % {"pieces": ", ".join(found)}, code="pieces")


def same_numbers(siret: str, rna: str) -> Q:
    """An application of the very association, by one number or the other."""
    found = Q(siret=siret) if siret else Q(pk=None)
    return found | Q(rna=rna) if rna else found


def doubles_of(row: GrantApplication) -> list[GrantApplication]:
    """Other applications that give the same number for the same scheme: whoever typed it is not known to be of the
    association, so all are taken, and the team looks."""
    same = GrantApplication.objects.filter(same_numbers(row.siret, row.rna), scheme=row.scheme_id)
    return list(same.exclude(pk=row.pk).exclude(state__in=GONE).order_by("reference"))


def is_no_double(row: GrantApplication) -> None:
    """Raise ValidationError while another one of the same number stands."""
    if doubles := doubles_of(row):
        raise ValidationError(
            _("Doublon à examiner : %(references)s. Refusez ou notez le retrait de celles qui ne restent pas.")
            % {"references": ", ".join(double.reference for double in doubles)},
            code="double",
        )


# Readers and marks

READER = Who[GrantApplication](
    lambda user, row: TEAM(user, row) and any(pk == user.pk and not given for pk, given in row.readers),
    "qui lit et n’a pas encore noté",
)


def same_association(siret: str, rna: str) -> Q:
    """The nine digits of a SIREN name an association, the five others one of its places; else its RNA number does."""
    found = Q(siret__startswith=siret[:9]) if siret else Q(pk=None)
    return found | Q(rna=rna) if rna else found


def has_interest(user_id: int | None, siret: str, rna: str) -> bool:
    return ReaderInterest.objects.filter(same_association(siret, rna), user=user_id).exists()


def is_blind(user: User, row: GrantApplication) -> bool:
    """Whether this person still has to give marks, and reads nobody else’s before."""
    return any(pk == user.pk and not given for pk, given in row.readers)


def can_read_papers(user: User, row: GrantApplication) -> bool:
    """Whoever sees the application, but a reader who has not given marks yet."""
    return registers["grants"].visible_to(user).filter(pk=row.pk).exists() and not is_blind(user, row)


def has_readers(row: GrantApplication) -> None:
    if not (row.first_reader_id and row.second_reader_id):
        raise ValidationError(_("Désignez deux personnes qui lisent cette demande."), code="readers")


def has_marks(row: GrantApplication) -> None:
    """Both have read, and have talked where their marks are far from one another."""
    if row.score is None:
        raise ValidationError(_("Les deux lectures ne sont pas encore rendues."), code="marks")
    if is_far(row) and not row.discussion:
        raise ValidationError(
            _("L’écart entre les notes est de %(gap)s sur 100 : notez d’abord l’échange entre les deux personnes.")
            % {"gap": f"{row.gap:n}".replace(".", ",")},
            code="discussion",
        )


def is_far(row: GrantApplication) -> bool:
    return row.gap is not None and row.gap > row.scheme.discussion_gap


def waits_for_talk(row: GrantApplication) -> bool:
    return row.score is not None and is_far(row) and not row.discussion


def weighted(scores: Iterable[GrantScore]) -> Decimal:
    """Marks of one reader as a number of a hundred, each for its weight."""
    rows = list(scores)
    most = sum(BEST_MARK * score.criterion.weight for score in rows)
    reached = sum(score.points * score.criterion.weight for score in rows)
    return (Decimal(100 * reached) / most).quantize(Decimal("0.1")) if most else Decimal(0)


# Money


def can_be_paid(row: GrantApplication) -> bool:
    """Whether a payment may be noted: after the vote and the agreement that it needs, while money is left."""
    if row.state not in BEING_PAID:
        return False
    signed = not row.needs_agreement or row.agreement_signed_on is not None
    return signed and paid_sum(row) < (row.voted_amount or 0)


def is_agreed(row: GrantApplication) -> None:
    if row.needs_agreement and row.agreement_signed_on is None:
        raise ValidationError(
            _("Au-dessus de 23 000 euros, une convention est signée avant le versement."), code="agreement"
        )


def paid_sum(row: GrantApplication, *, but: int | None = None) -> Decimal:
    """What left already; `but`: a payment that is being corrected."""
    rows = row.payments.exclude(pk=but) if but else row.payments.all()
    found = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


def is_paid(row: GrantApplication) -> None:
    if not row.payments.exists():
        raise ValidationError(_("Notez d’abord le versement, sous « Versements »."), code="payment")


# Schemes


def can_be_published(scheme: GrantScheme) -> None:
    """A grid, two readers at least, and a last day to come."""
    found = []
    if not scheme.criteria.exists():
        found.append(_("un critère"))
    if scheme.readers.count() < 2:
        found.append(_("deux personnes qui lisent"))
    if found:
        raise ValidationError(_("Il manque : %(what)s.") % {"what": ", ".join(found)}, code="rules")
    if scheme.closes_on < timezone.localdate():
        raise ValidationError(_("Le dernier jour est déjà passé."), code="closes_on")
