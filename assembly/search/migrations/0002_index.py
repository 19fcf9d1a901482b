"""The index: words, and how far the journal was read."""
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0001_initial'),
        ('search', '0001_french_unaccent'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='type')),
                ('object_id', models.CharField(max_length=40)),
                ('audience', models.CharField(blank=True, max_length=20)),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='référence')),
                ('title', models.CharField(max_length=300, verbose_name='titre')),
                ('body', models.TextField(blank=True)),
                ('address_key', models.CharField(blank=True, max_length=60)),
                ('dated_on', models.DateField(blank=True, null=True, verbose_name='date')),
                ('digest', models.CharField(max_length=64)),
                ('title_vector', django.contrib.postgres.search.SearchVectorField()),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('term', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.term')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='search_entry_words'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('reference'), 'text_pattern_ops'), name='search_entry_reference')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id', 'audience'), name='search_entry_once')],
            },
        ),
    ]
