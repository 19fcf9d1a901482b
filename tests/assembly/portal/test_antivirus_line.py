"""« État du service » says whether deposited files are scanned, and what waits when they are not."""

import pytest
from django.urls import reverse

from assembly.portal.health import service_lines
from tests.factories.documents import UploadFactory
from tests.scanner import Scanner

pytestmark = pytest.mark.django_db


def line():
    return next((line.value, line.is_late) for line in service_lines() if line.label == "Antivirus")


def test_the_antivirus_is_absent_answers_or_is_away(settings):
    UploadFactory(state="waiting")
    assert line() == ("non configuré : les fichiers déposés ne sont pas analysés", True)
    scanner = Scanner()
    settings.CLAMD_ADDRESS = scanner.address
    assert line() == ("répond, 1 fichier en quarantaine", False)
    scanner.stop()
    assert line() == ("ne répond pas, 1 fichier en quarantaine", True)


def test_a_missing_antivirus_is_no_good_news_and_says_what_to_do(signed_in):
    """The screen says « À voir », and the way out, as for every other part that fails."""
    page = signed_in("admin").get(reverse("portal:service-state")).content.decode()
    row = page[page.index(">Antivirus<") :]
    row = row[: row.index("</tr>")]
    assert "À voir" in row
    assert "Bon" not in row
    assert "CLAMD_ADDRESS" in row
