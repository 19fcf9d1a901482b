import pytest

from assembly.documents.models import ManifestEntry, Rendition
from assembly.documents.seal import backends
from assembly.documents.tasks import check_seal, render
from tests.assembly.documents.kinds import DraftSheet, InternalSheet, TermSheet, registered


@pytest.fixture
def kinds():
    """The three kinds of the tests, by name."""
    with registered(TermSheet, InternalSheet, DraftSheet) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Keys made once for the run, files of the test's own, no time-stamping authority unless a test says so."""
    folder = settings.DATA_DIR / "keys"
    settings.SEAL_P12_FILE = str(folder / "seal.p12")
    settings.SEAL_TRUST_FILE = str(folder / "root.pem")
    settings.TSA_URL = ""
    settings.BLOB_DIR = tmp_path / "blobs"
    yield
    backends.signer.cache_clear()


@pytest.fixture
def work():
    """Do what a worker does with every rendition that waits."""

    def run():
        for pk in Rendition.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
            render(pk)

    return run


@pytest.fixture
def check_seals():
    """Do what a worker does with every seal of the register that it has not read yet."""

    def run():
        for sha256 in ManifestEntry.objects.order_by("seq").values_list("sha256", flat=True):
            check_seal(sha256)

    return run
