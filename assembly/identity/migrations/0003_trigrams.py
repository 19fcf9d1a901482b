"""pg_trgm: titles that look alike, told while somebody writes one."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_extensions")]

    operations = [TrigramExtension()]
