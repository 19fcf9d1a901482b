"""Vouchers, which the claimant and the team of the term may read."""

from typing import Any

from assembly.documents.models import Upload
from sessions.models import ExpenseClaim


def voucher_is_visible(user: Any, upload: Upload) -> bool:
    return ExpenseClaim.objects.visible_to(user).filter(lines__voucher=upload).exists()
