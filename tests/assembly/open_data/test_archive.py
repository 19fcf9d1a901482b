"""The archive of the night: whole, of the same bytes for the same data, named by its hash."""

import hashlib
import io
import zipfile

import pytest

from assembly.config.celery import app
from assembly.jobs.models import JobSlot
from assembly.open_data.archive import archive_folder, last_archive, make_archive
from assembly.open_data.registry import data_sets
from assembly.open_data.tasks import make_archive as nightly
from tests.assembly.open_data.stage import get, make_everything
from tests.factories.consultations import ReferralFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/donnees/donnees.zip"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_before_the_first_night_there_is_none(client):
    assert get(client, ADDRESS).status_code == 404
    assert "Tout en un fichier" not in get(client, "/donnees/").text


def test_the_archive_holds_every_file_as_it_is_served(people, client):
    make_everything(people)
    make_archive()
    answer = get(client, ADDRESS)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest in get(client, "/donnees/").text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    served = {
        path.rpartition("/")[2]: get(client, path).content
        for each in data_sets()
        for path in (each.csv_path, each.json_path)
    }
    assert held == served | {"openapi.json": get(client, "/donnees/openapi.json").content}


def test_the_same_data_have_the_same_hash_and_only_the_last_archive_stays(people):
    make_archive()
    first = last_archive()
    make_archive()
    assert last_archive().sha256 == first.sha256
    ReferralFactory(term=people.term, published=True)
    make_archive()
    last = last_archive()
    assert last.sha256 != first.sha256
    assert sorted(path.name for path in archive_folder().iterdir()) == sorted([f"{last.sha256}.zip", "last.json"])


def test_it_is_made_once_a_night():
    assert "assembly.open_data.tasks.make_archive" in {entry["task"] for entry in app.conf.beat_schedule.values()}
    nightly()
    nightly()
    assert JobSlot.objects.filter(job__startswith="assembly.open_data.tasks").count() == 1
    assert last_archive() is not None
