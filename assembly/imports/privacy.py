"""Retention period of previews."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import retention
from assembly.imports import actions

retention("members.imports", _("Aperçus d’import expirés"), find=actions.expired, apply=actions.erase_batch)
