"""Calls to people who were drawn; a call that was noted is never rewritten."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = """
CREATE TRIGGER draws_confirmationcall_frozen BEFORE UPDATE OR DELETE ON draws_confirmationcall
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_confirmationcall_kept BEFORE TRUNCATE ON draws_confirmationcall
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
"""
BACKWARD = """
DROP TRIGGER draws_confirmationcall_frozen ON draws_confirmationcall;
DROP TRIGGER draws_confirmationcall_kept ON draws_confirmationcall;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0005_draw_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfirmationCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('reached', 'jointe, réfléchit'), ('no_answer', 'ne répond pas'), ('later', 'demande qu’on rappelle'), ('yes', 'a dit oui'), ('no', 'a dit non')], max_length=10, verbose_name='issue de l’appel')),
                ('call_again_on', models.DateField(blank=True, null=True, verbose_name='rappeler le')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='draws.placement')),
            ],
            options={
                'verbose_name': 'appel de confirmation',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['reached', 'no_answer', 'later', 'yes', 'no'])), name='confirmation_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('call_again_on__isnull', False), ('outcome', 'later')), models.Q(('call_again_on', None), ('outcome__in', ['yes', 'no'])), ('outcome__in', ['reached', 'no_answer']), _connector='OR'), name='confirmation_day_where_called_again')],
            },
        ),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
