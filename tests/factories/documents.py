"""Files that passed the gate."""

import factory

from assembly.documents import blobs
from assembly.documents.models import Upload
from tests.factories.identity import UserFactory


class UploadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Upload

    blob = factory.LazyFunction(lambda: blobs.store(b"%PDF-1.7\n%%EOF\n", "application/pdf"))
    name = "note.pdf"
    uploaded_by = factory.SubFactory(UserFactory)
