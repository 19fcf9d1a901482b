"""An installation with some of everything, for the tests that save it."""

from pathlib import Path

import pytest
from django.db import transaction

from assembly.audit.actions import record
from assembly.documents.models import store_blob
from tests.factories.documents import UploadFactory
from tests.factories.members import MandateFactory
from tests.factories.notifications import DeliveryFactory, DistributionFactory

PAPER = b"%PDF-1.7\n% a paper of the agenda\n%%EOF\n"


@pytest.fixture
def filled_installation(people, tmp_path, settings):
    """Make rows of each kind: people, mandates, a document, journal lines, mails that wait or are being sent."""
    settings.DATA_DIR = tmp_path / "data"
    settings.BLOB_DIR = settings.DATA_DIR / "blobs"
    settings.BACKUP_STATUS_FILE = settings.DATA_DIR / "last-backup.json"
    settings.SEAL_P12_FILE = str(settings.DATA_DIR / "keys" / "seal.p12")
    settings.SEAL_TRUST_FILE = str(tmp_path / "elsewhere" / "root.pem")
    for path in (settings.SEAL_P12_FILE, settings.SEAL_TRUST_FILE):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(f"key of {path}".encode())
    UploadFactory(blob=store_blob(PAPER, "application/pdf"), uploaded_by=people["officer"])
    for _ in range(3):
        MandateFactory(term=people.term)
    sent = DistributionFactory(term=people.term)
    DeliveryFactory.create_batch(4, distribution=sent)
    DeliveryFactory(distribution=sent, state="in_flight")
    DeliveryFactory(distribution=sent, state="sent")
    with transaction.atomic():
        record("account.created", people["officer"], by=people["lead"], detail="by hand")
    with transaction.atomic():
        record("account.suspended", people["officer"], by=people["lead"])
    return tmp_path
