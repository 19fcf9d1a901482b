from assembly.documents.models.blob import Blob, Upload
from assembly.documents.models.check import Check, SealCheck
from assembly.documents.models.document import Document, ManifestEntry, ManifestSeal, Revision, Signature
from assembly.documents.models.rendition import Rendition
from assembly.documents.models.text import FileText

__all__ = [
    "Blob",
    "Check",
    "Document",
    "FileText",
    "ManifestEntry",
    "ManifestSeal",
    "Rendition",
    "Revision",
    "SealCheck",
    "Signature",
    "Upload",
]
