import pytest

from assembly.documents.pdf.render import render
from tests.assembly.documents.pages import source
from tests.assembly.documents.seal import authority


@pytest.fixture(scope="session")
def session_pki(tmp_path_factory):
    return authority.make(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def pki(session_pki, settings):
    """Return the test PKI, trusted by the settings."""
    settings.SEAL_TRUST_FILE = str(session_pki.trust_file)
    return session_pki


@pytest.fixture(scope="session")
def base():
    """Return an unsigned document with the field of the seal."""
    return render(source("<p>Texte</p>"))


@pytest.fixture(scope="session")
def base_with_timestamp():
    """Return an unsigned document with the fields of the seal and of the timestamp."""
    return render(source("<p>Texte</p>", timestamp=True))
