"""Files between their preview and their confirmation."""

from datetime import timedelta

import factory
from django.utils import timezone

from assembly.imports.models import ImportBatch, ImportLine, ImportSource
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


class ImportLineFactory(factory.django.DjangoModelFactory):
    """A line that adds a row."""

    class Meta:
        model = ImportLine

    batch = factory.SubFactory(ImportBatchFactory)
    line = 2
    plan = "create"


class ImportSourceFactory(factory.django.DjangoModelFactory):
    """What a file of one line holds; its only column is unknown."""

    class Meta:
        model = ImportSource

    batch = factory.SubFactory(ImportBatchFactory)
    header = 1
    are_columns_known = True
    sheets = factory.LazyFunction(
        lambda: [
            {
                "title": "Feuille",
                "rows": [[1, ["Divers", "Autre"]], [2, ["un", "deux"]]],
                "formulas": [],
                "headings": [],
                "is_text": False,
            }
        ]
    )
