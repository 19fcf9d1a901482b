"""Operations of the budget and their lines. The year of a line is that of its operation: a key of two columns."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0006_contracts'),
        ('sittings', '0005_expenses_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('draft', 'en préparation'), ('open', 'ouverte'), ('closed', 'close')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('year', models.PositiveSmallIntegerField(choices=[(year, str(year)) for year in range(2020, 2051)], verbose_name='année')),
                ('planned', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='prévu, en euros')),
                ('takes_expenses', models.BooleanField(default=False, verbose_name='reçoit les remboursements de frais de l’année')),
                ('allowed', models.DecimalField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='autorisé jusqu’à, en euros')),
                ('allowed_on', models.DateField(editable=False, null=True, verbose_name='dépassement décidé le')),
                ('allowed_why', models.CharField(blank=True, editable=False, max_length=1000, verbose_name='motif du dépassement')),
                ('allowed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dépassement décidé par')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'opération du budget',
            },
        ),
        migrations.CreateModel(
            name='BudgetEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='année')),
                ('kind', models.CharField(choices=[('committed', 'engagé'), ('spent', 'dépensé')], max_length=10, verbose_name='nature')),
                ('title', models.CharField(max_length=160, verbose_name='objet')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant, en euros')),
                ('day', models.DateField(verbose_name='date')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sittings.sitting', verbose_name='séance')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='mission.budgetline')),
            ],
            options={
                'verbose_name': 'écriture du budget',
            },
        ),
        migrations.CreateModel(
            name='BudgetContract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='année')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_lines', to='mission.contract', verbose_name='contrat')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='mission.budgetline')),
            ],
            options={
                'verbose_name': 'contrat d’une opération',
            },
        ),
        migrations.AddIndex(
            model_name='budgetline',
            index=models.Index(fields=['assembly', 'name', 'id'], name='budget_line_by_name'),
        ),
        migrations.AddIndex(
            model_name='budgetline',
            index=models.Index(fields=['assembly', 'due_on'], name='budget_line_by_day'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'closed'])), name='budget_line_state_known'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='budget_line_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.UniqueConstraint(fields=('assembly', 'year', 'name'), name='budget_line_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.UniqueConstraint(condition=models.Q(('takes_expenses', True)), fields=('assembly', 'year'), name='budget_line_one_takes_expenses'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2020), ('year__lt', 2051)), name='budget_line_year_known'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('planned__gte', 0)), name='budget_line_planned_positive', violation_error_message='Le montant prévu n’est pas négatif.'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('allowed', None), ('allowed_by', None), ('allowed_on', None), ('allowed_why', '')), models.Q(('allowed__gt', models.F('planned')), ('allowed_by__isnull', False), ('allowed_on__isnull', False), models.Q(('allowed_why', ''), _negated=True)), _connector='OR'), name='budget_line_allowed_by_decision', violation_error_code='planned', violation_error_message='Le montant autorisé est plus grand que le montant prévu.'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['committed', 'spent'])), name='budget_entry_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='budget_entry_positive', violation_error_message='Le montant est positif.'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(('year', django.db.models.functions.datetime.ExtractYear('day'))), name='budget_entry_of_the_year', violation_error_code='day', violation_error_message='Ce jour n’est pas de l’année de l’opération.'),
        ),
        migrations.AddConstraint(
            model_name='budgetcontract',
            constraint=models.UniqueConstraint(fields=('contract', 'year'), name='budget_contract_once_a_year'),
        ),
        migrations.RunSQL(
            sql=[
                'ALTER TABLE mission_budgetline ADD CONSTRAINT budget_line_of_year UNIQUE (id, year)',
                'ALTER TABLE mission_budgetentry ADD CONSTRAINT budget_entry_year_of_line'
                ' FOREIGN KEY (row_id, year) REFERENCES mission_budgetline (id, year) DEFERRABLE INITIALLY DEFERRED',
                'ALTER TABLE mission_budgetcontract ADD CONSTRAINT budget_contract_year_of_line'
                ' FOREIGN KEY (row_id, year) REFERENCES mission_budgetline (id, year) DEFERRABLE INITIALLY DEFERRED',
            ],
            reverse_sql=[
                'ALTER TABLE mission_budgetcontract DROP CONSTRAINT budget_contract_year_of_line',
                'ALTER TABLE mission_budgetentry DROP CONSTRAINT budget_entry_year_of_line',
                'ALTER TABLE mission_budgetline DROP CONSTRAINT budget_line_of_year',
            ],
        ),
    ]
