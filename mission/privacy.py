"""What the mission holds about people. A part with fields of its own about somebody declares them in its `privacy.py`;
rows and lines of registers that declare nothing hold nothing about anybody but keys to their authors."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import registry
from assembly.identity.privacy import impersonal, kept, personal
from mission.parts import import_parts
from mission.registers.declaration import registers
from mission.registers.models import RegisterFile, RegisterLink, SavedView, ViewSubscription

import_parts("register")
import_parts("privacy")
impersonal(RegisterFile, RegisterLink, SavedView)
personal(
    ViewSubscription,
    name=_("Les vues que vous recevez chaque semaine"),
    owner="user__person",
    rows_go=True,
    fields=kept("view", "started_at", "last_sent_on"),
)
for register in registers.values():
    models = (register.model, *(lines.model for lines in register.lines))
    impersonal(*(model for model in models if model not in registry.declarations))
