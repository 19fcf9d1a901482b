"""Remarks and hearings of the follow-up committee, which refuse to be rewritten."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# What a service said is written in the row that asked for it, once.
FROZEN = """
CREATE FUNCTION answers_hearing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.heard_on IS NULL AND NEW.heard_on IS NOT NULL
       AND to_jsonb(OLD) - ARRAY['heard_on', 'heard_by', 'said', 'recorded_by_id']
         = to_jsonb(NEW) - ARRAY['heard_on', 'heard_by', 'said', 'recorded_by_id'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'hearings of the follow-up committee are append-only (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_hearing_kept BEFORE UPDATE OR DELETE ON answers_followuphearing
    FOR EACH ROW EXECUTE FUNCTION answers_hearing_kept();
CREATE TRIGGER answers_hearings_kept BEFORE TRUNCATE ON answers_followuphearing
    FOR EACH STATEMENT EXECUTE FUNCTION answers_hearing_kept();
CREATE TRIGGER answers_remark_kept BEFORE UPDATE OR DELETE ON answers_followupremark
    FOR EACH ROW EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_remarks_kept BEFORE TRUNCATE ON answers_followupremark
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();
"""
FREE = """
DROP TRIGGER answers_remarks_kept ON answers_followupremark;
DROP TRIGGER answers_remark_kept ON answers_followupremark;
DROP TRIGGER answers_hearings_kept ON answers_followuphearing;
DROP TRIGGER answers_hearing_kept ON answers_followuphearing;
DROP FUNCTION answers_hearing_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0007_ratings_and_following'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUpHearing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200, verbose_name='service à entendre')),
                ('question', models.TextField(max_length=1000, verbose_name='ce que le comité veut savoir')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandée le')),
                ('heard_on', models.DateField(blank=True, null=True, verbose_name='entendu le')),
                ('heard_by', models.CharField(blank=True, max_length=300, verbose_name='par qui')),
                ('said', models.TextField(blank=True, max_length=4000, verbose_name='ce qui a été dit')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hearings', to='answers.followup')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'audition demandée par le comité de suivi',
                'ordering': ['follow_up', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('service', ''), _negated=True), models.Q(('question', ''), _negated=True)), name='follow_up_hearing_asks'), models.CheckConstraint(condition=models.Q(models.Q(('heard_by', ''), ('heard_on', None), ('recorded_by', None), ('said', '')), models.Q(('heard_on__isnull', False), ('recorded_by__isnull', False), models.Q(('heard_by', ''), _negated=True), models.Q(('said', ''), _negated=True)), _connector='OR'), name='follow_up_hearing_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='FollowUpRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=2000, verbose_name='remarque')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dite le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='answers.followup')),
            ],
            options={
                'verbose_name': 'remarque du comité de suivi',
                'ordering': ['follow_up', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='follow_up_remark_says')],
            },
        ),
        migrations.RunSQL(FROZEN, FREE),
    ]
