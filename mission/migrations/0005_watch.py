"""What the mission watches: sources, items, letters and who receives them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0004_indicators'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WatchSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('active', 'suivie'), ('paused', 'en pause'), ('closed', 'abandonnée')], default='active', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('feed', 'flux RSS ou Atom'), ('typed', 'relevée à la main')], default='feed', max_length=8, verbose_name='forme')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='adresse')),
                ('item_kind', models.CharField(choices=[('legal', 'juridique'), ('territorial', 'territoires'), ('event', 'événement')], default='legal', max_length=12, verbose_name='nature')),
                ('territory', models.CharField(blank=True, max_length=120, verbose_name='territoire')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='thèmes')),
                ('next_fetch_at', models.DateTimeField(auto_now_add=True)),
                ('fetched_at', models.DateTimeField(editable=False, null=True, verbose_name='dernier relevé')),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('failing_since', models.DateField(editable=False, null=True, verbose_name='en échec depuis')),
                ('refusal', models.CharField(blank=True, editable=False, max_length=16)),
                ('etag', models.CharField(blank=True, editable=False, max_length=200)),
                ('modified', models.CharField(blank=True, editable=False, max_length=200)),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'source de veille',
            },
        ),
        migrations.CreateModel(
            name='WatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('new', 'nouvelle'), ('read', 'lue'), ('kept', 'retenue'), ('shared', 'diffusée'), ('archived', 'classée')], default='new', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('legal', 'juridique'), ('territorial', 'territoires'), ('event', 'événement')], max_length=12, verbose_name='nature')),
                ('territory', models.CharField(blank=True, max_length=120, verbose_name='territoire')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='thèmes')),
                ('summary', models.TextField(blank=True, max_length=2000, verbose_name='résumé')),
                ('relevance', models.CharField(choices=[('1', 'essentiel'), ('2', 'utile'), ('3', 'pour mémoire')], default='2', max_length=1, verbose_name='intérêt')),
                ('link', models.URLField(blank=True, max_length=2000, verbose_name='lien')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='publiée le')),
                ('address_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('title_key', models.CharField(editable=False, max_length=160)),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='mission.watchsource', verbose_name='source')),
            ],
            options={
                'verbose_name': 'information de veille',
            },
        ),
        migrations.CreateModel(
            name='DigestReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('directorate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='direction')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='collègue')),
            ],
            options={
                'verbose_name': 'abonnement à la lettre de veille',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('directorate__isnull', False), ('user', None)), models.Q(('directorate', None), ('user__isnull', False)), _connector='OR'), name='digest_reader_one_kind'), models.UniqueConstraint(fields=('assembly', 'user', 'directorate'), name='digest_reader_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='WatchDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('draft', 'en préparation'), ('sent', 'envoyée')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('body', models.TextField(max_length=40000, verbose_name='texte')),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='envoyée le')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'lettre de veille',
                'indexes': [models.Index(fields=['assembly', 'name', 'id'], name='watch_digest_by_name'), models.Index(fields=['assembly', 'due_on'], name='watch_digest_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sent'])), name='watch_digest_state_known'), models.UniqueConstraint(fields=('assembly', 'reference'), name='watch_digest_reference_once'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='watch_digest_sent_iff_sent')],
            },
        ),
        migrations.AddIndex(
            model_name='watchsource',
            index=models.Index(fields=['assembly', 'name', 'id'], name='watch_source_by_name'),
        ),
        migrations.AddIndex(
            model_name='watchsource',
            index=models.Index(fields=['assembly', 'due_on'], name='watch_source_by_day'),
        ),
        migrations.AddIndex(
            model_name='watchsource',
            index=models.Index(condition=models.Q(('kind', 'feed'), ('state', 'active')), fields=['next_fetch_at', 'id'], name='watch_source_to_fetch'),
        ),
        migrations.AddConstraint(
            model_name='watchsource',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'closed'])), name='watch_source_state_known'),
        ),
        migrations.AddConstraint(
            model_name='watchsource',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='watch_source_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='watchsource',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), ('kind', 'feed'), _negated=True), name='watch_source_feed_has_address', violation_error_message='Un flux a une adresse.'),
        ),
        migrations.AddConstraint(
            model_name='watchsource',
            constraint=models.UniqueConstraint(condition=models.Q(('address', ''), _negated=True), fields=('assembly', 'address'), name='watch_source_address_once', violation_error_message='Cette adresse est déjà celle d’une source.'),
        ),
        migrations.AddConstraint(
            model_name='watchsource',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failing_since', None), ('failures', 0), ('refusal', '')), models.Q(('failing_since__isnull', False), ('failures__gt', 0), models.Q(('refusal', ''), _negated=True)), _connector='OR'), name='watch_source_failing_iff_failed'),
        ),
        migrations.AddIndex(
            model_name='watchitem',
            index=models.Index(fields=['assembly', 'name', 'id'], name='watch_item_by_name'),
        ),
        migrations.AddIndex(
            model_name='watchitem',
            index=models.Index(fields=['assembly', 'due_on'], name='watch_item_by_day'),
        ),
        migrations.AddIndex(
            model_name='watchitem',
            index=models.Index(fields=['assembly', '-published_on', '-id'], name='watch_item_by_publication'),
        ),
        migrations.AddIndex(
            model_name='watchitem',
            index=models.Index(fields=['assembly', 'title_key'], name='watch_item_by_title_key'),
        ),
        migrations.AddConstraint(
            model_name='watchitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'read', 'kept', 'shared', 'archived'])), name='watch_item_state_known'),
        ),
        migrations.AddConstraint(
            model_name='watchitem',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='watch_item_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='watchitem',
            constraint=models.UniqueConstraint(condition=models.Q(('address_key', ''), _negated=True), fields=('assembly', 'address_key'), name='watch_item_address_once'),
        ),
    ]
