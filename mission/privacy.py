"""Personal data of the mission. A part with fields of its own about people declares them in its `privacy.py`.

Rows and lines of registers without a declaration hold nothing about anybody but keys to their authors.
"""

from assembly.identity.personal_data import erased, impersonal, personal, registry, retain_all
from mission.parts import import_parts
from mission.registers.declaration import registers
from mission.registers.models import RegisterFile, RegisterLink
from mission.registers.people import PersonLine

import_parts("register")
import_parts("privacy")
impersonal(RegisterFile, RegisterLink)
OF_A_PERSON = {
    "function": erased(),
    **retain_all("row", "created_at", "changed_at"),
    **retain_all("version", "created_by", "changed_by", exported=False),
}
for register in registers.values():
    models = (register.model, *(lines.model for lines in register.lines))
    for model in models:
        if issubclass(model, PersonLine):
            personal(model, name=model._meta.verbose_name, owner="person", fields=OF_A_PERSON)
    impersonal(*(model for model in models if model not in registry.declarations))
