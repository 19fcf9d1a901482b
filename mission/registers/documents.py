"""Files of registers: whoever sees the row reads them."""

from assembly.documents.registry import uploads_visible_to
from mission.registers.attachments import sees_upload

uploads_visible_to(sees_upload)
