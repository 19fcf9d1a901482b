"""Files between their preview and their confirmation."""

from datetime import timedelta

import factory
from django.utils import timezone

from assembly.imports.models import ImportBatch
from tests.factories.identity import UserFactory
from tests.factories.institution import TermFactory


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportBatch

    term = factory.SubFactory(TermFactory)
    kind = "members"
    file_name = "membres.csv"
    digest = "0" * 64
    created_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=2))
