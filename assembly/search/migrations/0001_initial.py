from pathlib import Path

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Upper

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [("identity", "0001_initial"), ("institution", "0001_initial")]

    operations = [
        migrations.RunSQL(
            SQL.joinpath("french_unaccent.sql").read_text(encoding="utf-8"),
            "DROP TEXT SEARCH CONFIGURATION french_unaccent",
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField("type", max_length=40)),
                ("object_id", models.CharField(max_length=40)),
                ("audience", models.CharField(blank=True, max_length=20)),
                (
                    "term",
                    models.ForeignKey("institution.term", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("reference", models.CharField("référence", blank=True, max_length=60)),
                ("title", models.CharField("titre", max_length=300)),
                ("body", models.TextField(blank=True)),
                ("address_key", models.CharField(blank=True, max_length=60)),
                ("dated_on", models.DateField("date", blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("title_vector", SearchVectorField()),
                ("vector", SearchVectorField()),
            ],
            options={
                "indexes": [
                    GinIndex(fields=["vector"], name="search_entry_words"),
                    models.Index(OpClass(Upper("reference"), "text_pattern_ops"), name="search_entry_reference"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id", "audience"), name="search_entry_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
                ("folded", models.CharField(max_length=40)),
            ],
            options={"indexes": [GinIndex(OpClass("folded", "gin_trgm_ops"), name="search_word_likeness")]},
        ),
        migrations.CreateModel(
            name="SearchWordEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word", "entry", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.ForeignKey("search.searchword", models.CASCADE, db_index=False, related_name="+")),
                ("entry", models.ForeignKey("search.searchentry", models.CASCADE, related_name="+")),
            ],
        ),
        migrations.CreateModel(
            name="JournalMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"), "DROP FUNCTION search_drop_unheld_words CASCADE"
        ),
    ]
