"""Two more kinds of lines in the agents' daily mail: choices only, nothing changes in the table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0010_answer_without_opinion'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deskevent',
            name='kind',
            field=models.CharField(choices=[('asked', 'Contribution demandée'), ('due_changed', 'Date changée'), ('reminder', 'Rappel'), ('escalated', 'Contribution en retard'), ('to_validate', 'Contribution à viser'), ('returned', 'Contribution à reprendre'), ('supplement', 'Complément demandé'), ('mention', 'On vous cite'), ('copied', 'Contribution en copie'), ('closed', 'Demande close'), ('received', 'Contribution reçue'), ('declined', 'Demande renvoyée'), ('answer_due', 'Réponse attendue'), ('answer_sign', 'Réponse à viser'), ('answer_late', 'Réponse en retard'), ('update_due', 'Point attendu'), ('update_late', 'Point en retard')], max_length=12),
        ),
    ]
