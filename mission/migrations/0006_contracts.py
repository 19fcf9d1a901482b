"""Contracts, their lots and orders. The lot of an order is one of its contract: a key of two columns says it."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0005_watch'),
        ('sittings', '0005_expenses_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='plafond, en euros')),
                ('ordered', models.DecimalField(decimal_places=2, default=Decimal('0'), editable=False, max_digits=12, verbose_name='commandé, en euros')),
                ('state', models.CharField(choices=[('draft', 'en préparation'), ('running', 'en cours'), ('ended', 'terminé')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('amo', 'assistance à maîtrise d’ouvrage'), ('catering', 'traiteur'), ('interpreting', 'interprétation'), ('other', 'autre')], max_length=12, verbose_name='nature')),
                ('holder_name', models.CharField(blank=True, max_length=160, verbose_name='titulaire hors registre')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(verbose_name='fin')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.partner', verbose_name='titulaire')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'contrat',
            },
        ),
        migrations.CreateModel(
            name='ContractLot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='plafond, en euros')),
                ('ordered', models.DecimalField(decimal_places=2, default=Decimal('0'), editable=False, max_digits=12, verbose_name='commandé, en euros')),
                ('title', models.CharField(max_length=160, verbose_name='lot')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='mission.contract')),
            ],
            options={
                'verbose_name': 'lot d’un contrat',
            },
        ),
        migrations.CreateModel(
            name='ContractOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('title', models.CharField(max_length=160, verbose_name='objet')),
                ('details', models.TextField(blank=True, max_length=2000, verbose_name='lignes de la commande')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant, en euros')),
                ('ordered_on', models.DateField(verbose_name='commandée le')),
                ('delivery_on', models.DateField(blank=True, null=True, verbose_name='livraison attendue le')),
                ('accepted_on', models.DateField(editable=False, null=True, verbose_name='livraison acceptée le')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='mission.contractlot')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='mission.contract')),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sittings.sitting', verbose_name='séance')),
            ],
            options={
                'verbose_name': 'commande',
            },
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['assembly', 'name', 'id'], name='contract_by_name'),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['assembly', 'due_on'], name='contract_by_day'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'running', 'ended'])), name='contract_state_known'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='contract_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling__gt', 0), ('ordered__gte', 0), ('ordered__lte', models.F('ceiling'))), name='contract_within_ceiling', violation_error_code='ceiling', violation_error_message='Le plafond du contrat est positif et couvre toutes ses commandes.'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('holder__isnull', False), models.Q(('holder_name', ''), _negated=True), _connector='OR'), name='contract_has_holder', violation_error_message='Choisissez le titulaire, ou écrivez son nom.'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='contract_ends_after_start', violation_error_message='La fin vient après le début.'),
        ),
        migrations.AddConstraint(
            model_name='contractlot',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling__gt', 0), ('ordered__gte', 0), ('ordered__lte', models.F('ceiling'))), name='contract_lot_within_ceiling', violation_error_code='ceiling', violation_error_message='Le plafond du lot est positif et couvre ses commandes.'),
        ),
        migrations.AddIndex(
            model_name='contractorder',
            index=models.Index(fields=['row', 'ordered_on'], name='contract_order_by_day'),
        ),
        migrations.AddConstraint(
            model_name='contractorder',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contract_order_positive', violation_error_message='Le montant d’une commande est positif.'),
        ),
        migrations.RunSQL(
            sql=[
                'ALTER TABLE mission_contractlot ADD CONSTRAINT contract_lot_of_row UNIQUE (id, row_id)',
                'ALTER TABLE mission_contractorder ADD CONSTRAINT contract_order_lot_of_contract'
                ' FOREIGN KEY (lot_id, row_id) REFERENCES mission_contractlot (id, row_id)'
                ' DEFERRABLE INITIALLY DEFERRED',
            ],
            reverse_sql=[
                'ALTER TABLE mission_contractorder DROP CONSTRAINT contract_order_lot_of_contract',
                'ALTER TABLE mission_contractlot DROP CONSTRAINT contract_lot_of_row',
            ],
        ),
    ]
