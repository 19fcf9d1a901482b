"""Somebody in a frozen list renounces: the day, the channel, and whose place the rule gave to whom."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0007_population_margins'),
        ('institution', '0004_follow_up_months'),
        ('members', '0004_import_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='renounced_on',
            field=models.DateField(blank=True, null=True, verbose_name='a renoncé le'),
        ),
        migrations.AddField(
            model_name='candidate',
            name='renounced_through',
            field=models.CharField(blank=True, choices=[('online', 'en ligne'), ('paper', 'sur papier'), ('phone', 'par téléphone')], db_default='', default='', max_length=6, verbose_name='a renoncé'),
        ),
        migrations.AddField(
            model_name='placement',
            name='instead_of',
            field=models.CharField(blank=True, db_default='', default='', max_length=16, verbose_name='à la place de'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('renounced_on', None), ('renounced_through', '')), models.Q(('renounced_on__isnull', False), ('renounced_through__in', ['online', 'paper', 'phone']), ('state__in', ('in_pool', 'drawn', 'alternate', 'not_drawn'))), _connector='OR'), name='candidate_renounced_once_frozen', violation_error_message='On renonce à une liste figée, un jour et par un moyen que l’on note.'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(condition=models.Q(('instead_of', ''), _negated=True), fields=('draw', 'instead_of'), name='placement_instead_of_once'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('vacated', None), ('instead_of', ''), _connector='OR'), name='placement_after_one_person'),
        ),
    ]
