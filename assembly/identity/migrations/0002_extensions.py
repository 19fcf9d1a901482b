"""btree_gist for the exclusion constraints on dated rows, unaccent for searches that forgive accents."""

from django.contrib.postgres.operations import BtreeGistExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [BtreeGistExtension(), UnaccentExtension()]
