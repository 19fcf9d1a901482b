"""Files of registers: whoever sees the row reads them."""

from assembly.documents.registry import add_upload_rules
from mission.registers.attachments import sees_upload

add_upload_rules(sees_upload)
