from mission.grants.models.application import GrantApplication, GrantPayment
from mission.grants.models.deposit import DepositLink, GrantDeposit, GrantDocument
from mission.grants.models.reading import GrantScore, ReaderInterest
from mission.grants.models.scheme import GrantScheme, SchemeCriterion, SchemePiece, SchemeReader

__all__ = [
    "DepositLink",
    "GrantApplication",
    "GrantDeposit",
    "GrantDocument",
    "GrantPayment",
    "GrantScheme",
    "GrantScore",
    "ReaderInterest",
    "SchemeCriterion",
    "SchemePiece",
    "SchemeReader",
]
