"""The archive of the night: the files of every set in one ZIP. Same data, same bytes, same hash."""

import hashlib
import io
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from assembly.open_data.description import describe_api
from assembly.open_data.files import csv_file, json_bytes, json_file
from assembly.open_data.registry import data_sets

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a ZIP: the day of making would change the hash


@dataclass(frozen=True)
class Archive:
    """The last archive. `size`: in bytes."""

    sha256: str
    size: int
    made_at: datetime

    @property
    def path(self) -> Path:
        return archive_folder() / f"{self.sha256}.zip"


def archive_folder() -> Path:
    return settings.DATA_DIR / "open-data"


def archive_bytes() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in data_sets():
            archive.writestr(archive_entry(f"{each.key}.csv"), csv_file(each))
            archive.writestr(archive_entry(f"{each.key}.json"), json_file(each))
        archive.writestr(archive_entry("openapi.json"), json_bytes(describe_api(data_sets())))
    return target.getvalue()


def archive_entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def make_archive() -> None:
    """Write the archive, then the note that names it, then delete former ones: readers always get a whole file."""
    content, folder = archive_bytes(), archive_folder()
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "made_at": timezone.now().isoformat(),
    }
    replace_file(folder / f"{facts['sha256']}.zip", content)
    replace_file(folder / "last.json", json.dumps(facts).encode())
    for path in folder.glob("*.zip"):
        if path.stem != facts["sha256"]:
            path.unlink()


def replace_file(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def last_archive() -> Archive | None:
    """Return the last archive, or None before the first night."""
    try:
        facts = json.loads((archive_folder() / "last.json").read_bytes())
    except FileNotFoundError:
        return None
    return Archive(facts["sha256"], facts["size"], datetime.fromisoformat(facts["made_at"]))
