"""« État du service » says whether deposited files are scanned, and what waits when they are not."""

import pytest

from assembly.portal.service_lines import service_lines
from tests.factories.documents import UploadFactory
from tests.scanner import Scanner

pytestmark = pytest.mark.django_db


def line():
    return next((line.value, line.is_late) for line in service_lines() if line.label == "Antivirus")


def test_the_antivirus_is_absent_answers_or_is_away(settings):
    UploadFactory(state="waiting")
    assert line() == ("non configuré : les fichiers déposés ne sont pas analysés", False)
    scanner = Scanner()
    settings.CLAMD_ADDRESS = scanner.address
    assert line() == ("répond, 1 fichier en quarantaine", False)
    scanner.stop()
    assert line() == ("ne répond pas, 1 fichier en quarantaine", True)
