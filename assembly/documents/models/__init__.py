from assembly.documents.models.check import Check, SealCheck
from assembly.documents.models.document import Document, ManifestEntry, ManifestSeal, Revision, Signature
from assembly.documents.models.rendition import Rendition
from assembly.documents.models.storage import Blob
from assembly.documents.models.text import FileText
from assembly.documents.models.upload import Upload

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
