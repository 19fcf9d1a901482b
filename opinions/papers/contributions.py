"""Contributions of the documents of opinions: files, audit events."""

from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.registry import add_documents
from assembly.open_data.registry import add_data_sets
from opinions.papers.data_sets import OPINION_DATA, VOTE_DATA
from opinions.papers.documents.files import Booklet, DraftOpinion, NumberedText, SealedOpinion

add_documents(NumberedText, Booklet)

add_documents(SealedOpinion, DraftOpinion)
add_data_sets(OPINION_DATA, VOTE_DATA)
add_audit_events(
    {
        "opinion.chapters_written": _("a écrit les chapitres autour du texte de l’avis"),
        "opinion.easy_read_saved": _("a déposé le résumé facile à lire, mis en page"),
        "opinion.visa_given": _("a donné son visa sur l’avis adopté"),
        "opinion.visa_recorded": _("a noté un visa donné sur papier"),
        "opinion.sealing_asked": _("a demandé le cachet de l’avis"),
        "opinion.sealed": _("a scellé l’avis"),
        "text.import_shown": _("a lu un fichier Word pour un texte"),
        "text.import_written": _("a repris un fichier Word dans un texte"),
        "text.import_left": _("a laissé un fichier Word de côté"),
    }
)
