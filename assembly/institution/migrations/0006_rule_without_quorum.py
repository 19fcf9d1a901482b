"""What follows when the quorum is missing, and the text that says so: constant defaults, no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0005_alphabetical_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='no_quorum_rule',
            field=models.CharField(choices=[('second', 'la séance prend fin\xa0; une seconde, sur le même ordre du jour, décide sans quorum'), ('adjourn', 'la séance prend fin\xa0; une autre la remplace, et le quorum reste exigé'), ('suspend', 'la séance est suspendue jusqu’à ce que le quorum soit atteint')], db_default='second', default='second', max_length=8, verbose_name='sans quorum'),
        ),
        migrations.AddField(
            model_name='term',
            name='quorum_source',
            field=models.CharField(blank=True, db_default='', max_length=160, verbose_name='texte qui fixe le quorum'),
        ),
    ]
