"""What the journal says of documents."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare

declare(
    {
        "document.sealed": _("a scellé un document"),
        "document.timestamped": _("a horodaté un document"),
        "document.published": _("a publié un document"),
        "document.superseded": _("a remplacé un document"),
        "register.sealed": _("a arrêté la tête du registre des empreintes"),
        "rendition.failed": _("n’a pas pu produire un document"),
        "rendition.retried": _("a relancé la production d’un document"),
        "upload.accepted": _("a déposé un fichier"),
        "upload.cleared": _("a analysé un fichier : rien de dangereux"),
        "upload.condemned": _("a écarté un fichier dangereux"),
        "upload.withdrawn": _("a retiré un fichier"),
    }
)
