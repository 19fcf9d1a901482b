import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings as product
from django.test import override_settings

from assembly.documents.actions import register
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, ManifestEntry, Rendition
from assembly.documents.seal import backends
from assembly.documents.tasks import check_seal, render
from tests.assembly.documents.kinds import DraftSheet, InternalSheet, TermSheet, registered
from tests.databases import shared_by_a_module
from tests.factories.institution import TermFactory
from tests.people import People

KINDS = (TermSheet, InternalSheet, DraftSheet)


@pytest.fixture
def kinds():
    """Register the three kinds of documents of the tests, by name."""
    with registered(*KINDS) as made:
        yield made


def own_files(folder):
    """Return settings: keys made once for the run, files in `folder`, no time-stamping authority."""
    keys = product.DATA_DIR / "keys"
    made = {"SEAL_P12_FILE": str(keys / "seal.p12"), "SEAL_TRUST_FILE": str(keys / "root.pem")}
    return made | {"TSA_URL": "", "BLOB_DIR": folder / "blobs"}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    for name, value in own_files(tmp_path).items():
        setattr(settings, name, value)
    yield
    backends.signer.cache_clear()


def work_all():
    for pk in Rendition.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
        render(pk)


def check_all_seals():
    for sha256 in ManifestEntry.objects.order_by("seq").values_list("sha256", flat=True):
        check_seal(sha256)


@pytest.fixture
def work():
    """Render every waiting rendition, as a worker does."""
    return work_all


@pytest.fixture
def check_seals():
    """Verify every seal of the register that is not verified yet, as a worker does."""
    return check_all_seals


def publish():
    check_all_seals()
    register.publish(Document.objects.get(), by=People()["lead"])


@contextmanager
def made_once(blocker, folder, kind, then):
    """Make and seal a document of this kind for a whole module, then call `then`; yield the folder of its files."""
    with shared_by_a_module(blocker):
        with override_settings(**own_files(folder)), registered(*KINDS):
            request_rendition(TermFactory(), kind)
            work_all()
            then()
            backends.signer.cache_clear()
        yield folder / "blobs"


@pytest.fixture(scope="module")
def published_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Make a published document with a verified seal for the module; its tests must not commit."""
    with made_once(django_db_blocker, tmp_path_factory.mktemp("published"), "test-sheet", publish) as blobs:
        yield blobs


@pytest.fixture(scope="module")
def internal_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Make a sealed, unpublished document with a verified seal for the module."""
    with made_once(django_db_blocker, tmp_path_factory.mktemp("internal"), "test-internal", check_all_seals) as blobs:
        yield blobs


@pytest.fixture
def found(settings, kinds, db):
    """Return a function: `found(published_once)` gives that document with its files in the folder of the test."""

    def find(blobs):
        shutil.copytree(blobs, settings.BLOB_DIR)
        return Document.objects.get()

    return find
