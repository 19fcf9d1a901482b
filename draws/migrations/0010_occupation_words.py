"""The groups of occupations in words that are read aloud: no median dots on public pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0009_population_set_aside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='candidate',
            name='occupation',
            field=models.CharField(choices=[('agriculteur', 'agriculteur ou agricultrice'), ('artisan_chef', 'artisanat, commerce, direction d’entreprise'), ('cadre', 'cadre, profession intellectuelle supérieure'), ('intermediaire', 'profession intermédiaire'), ('employe', 'employé ou employée'), ('ouvrier', 'ouvrier ou ouvrière'), ('retraite', 'retraité ou retraitée'), ('sans_activite', 'sans activité professionnelle, en études')], max_length=16, verbose_name='profession'),
        ),
    ]
