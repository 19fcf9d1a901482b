"""A line of the agents' daily mail may be about something of an app above: constant defaults, no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0008_words_of_reviews'),
    ]

    operations = [
        migrations.AddField(
            model_name='deskevent',
            name='subject_id',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='deskevent',
            name='subject_type',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AlterField(
            model_name='deskevent',
            name='kind',
            field=models.CharField(choices=[('asked', 'Contribution demandée'), ('due_changed', 'Date changée'), ('reminder', 'Rappel'), ('escalated', 'Contribution en retard'), ('to_validate', 'Contribution à viser'), ('returned', 'Contribution à reprendre'), ('supplement', 'Complément demandé'), ('mention', 'On vous cite'), ('copied', 'Contribution en copie'), ('closed', 'Demande close'), ('received', 'Contribution reçue'), ('declined', 'Demande renvoyée'), ('answer_due', 'Réponse attendue'), ('answer_sign', 'Réponse à viser'), ('answer_late', 'Réponse en retard')], max_length=12),
        ),
    ]
