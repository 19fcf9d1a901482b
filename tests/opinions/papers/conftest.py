import pytest

from assembly.documents.models import Rendition
from assembly.documents.seal import backends
from assembly.documents.tasks import render


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Set keys made once for the run, files of the test, and no time-stamping authority."""
    folder = settings.DATA_DIR / "keys"
    settings.SEAL_P12_FILE, settings.SEAL_TRUST_FILE = str(folder / "seal.p12"), str(folder / "root.pem")
    settings.TSA_URL, settings.BLOB_DIR = "", tmp_path / "blobs"
    yield
    backends.signer.cache_clear()


@pytest.fixture
def work():
    """Do what a worker does with every rendition that waits."""

    def run():
        for pk in Rendition.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
            render(pk)

    return run
