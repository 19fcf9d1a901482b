"""Words that came second are kept beside an answer, and never rewritten (append only)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER answers_aside_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON answers_answeraside
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();
"""
BACKWARD = "DROP TRIGGER answers_aside_frozen ON answers_answeraside;"


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0003_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asides', to='answers.answerfile')),
            ],
            options={
                'ordering': ['file', '-pk'],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
