"""Files of registers: whoever sees the row reads them."""

from typing import Any

from assembly.documents.models import Upload
from assembly.documents.registry import uploads_visible_to
from mission.registers.attachments import sees_upload


@uploads_visible_to
def file_of_a_row_is_visible(user: Any, upload: Upload) -> bool:
    return sees_upload(user, upload)
