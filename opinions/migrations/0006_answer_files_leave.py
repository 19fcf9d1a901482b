"""The files of answers belong to the app above; their table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("opinions", "0005_easy_read_file")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("AnswerFile")])]
