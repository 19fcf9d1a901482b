"""Followings and news of opinions without recommendations, which are answered as a whole."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0009_progress_report'),
        ('opinions', '0006_answer_files_leave'),
    ]

    operations = [
        migrations.AddField(
            model_name='following',
            name='whole_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opinions.opinion', verbose_name='avis'),
        ),
        migrations.AddField(
            model_name='proposalnews',
            name='whole_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opinions.opinion', verbose_name='avis'),
        ),
        migrations.AlterField(
            model_name='following',
            name='recommendation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opinions.recommendation'),
        ),
        migrations.AlterField(
            model_name='proposalnews',
            name='recommendation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opinions.recommendation'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recommendation__isnull', False), ('whole_of', None)), models.Q(('recommendation', None), ('whole_of__isnull', False)), _connector='OR'), name='following_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(fields=('follower', 'whole_of'), name='following_whole_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalnews',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recommendation__isnull', False), ('whole_of', None)), models.Q(('recommendation', None), ('whole_of__isnull', False)), _connector='OR'), name='proposalnews_of_one_thing'),
        ),
    ]
