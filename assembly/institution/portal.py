"""The institution's lines in the menu of the desk."""

from django.utils.translation import gettext_lazy as _

from assembly.institution import menu
from assembly.institution.enums import Role
from assembly.institution.rules import JOURNAL_READERS

menu.add("desk", _("Réglages"), _("Équipe et rôles"), "institution:people", [Role.LEAD], order=80)
menu.add("desk", _("Réglages"), _("Journal"), "institution:journal", JOURNAL_READERS, order=90)
