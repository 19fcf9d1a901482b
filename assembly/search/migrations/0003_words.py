"""Words that may be suggested, each with its entries; a word goes with the last entry that holds it."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION search_drop_unheld_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_searchword WHERE id IN (SELECT word_id FROM gone)
        AND NOT EXISTS (SELECT 1 FROM search_searchwordentry WHERE word_id = search_searchword.id);
    RETURN NULL;
END $$;

CREATE TRIGGER search_words_held AFTER DELETE ON search_searchwordentry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_drop_unheld_words();
"""
BACKWARD = """
DROP TRIGGER search_words_held ON search_searchwordentry;
DROP FUNCTION search_drop_unheld_words();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_trigrams'),
        ('search', '0002_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
                ('folded', models.CharField(max_length=40)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='search_word_likeness')],
            },
        ),
        migrations.CreateModel(
            name='SearchWordEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('word', 'entry', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='search.searchentry')),
                ('word', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='search.searchword')),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
