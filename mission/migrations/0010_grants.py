"""Grants: schemes, applications, what comes by the public form, readings, payments; what is refused whatever writes."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


TRIGGERS = """
CREATE FUNCTION mission_grant_score_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie JOIN mission_grantapplication grant_ ON left(grant_.siret, 9) = left(tie.siret, 9)
        WHERE grant_.id = NEW.application_id AND tie.user_id = NEW.reader_id
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association gives no marks' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM mission_grantapplication
        WHERE id = NEW.application_id AND NEW.reader_id IN (first_reader_id, second_reader_id)
    ) THEN
        RAISE EXCEPTION 'whoever gives marks is a reader of the application' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_score_check BEFORE INSERT OR UPDATE ON mission_grantscore
    FOR EACH ROW EXECUTE FUNCTION mission_grant_score_check();

CREATE FUNCTION mission_grant_reader_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie
        WHERE left(tie.siret, 9) = left(NEW.siret, 9) AND tie.user_id IN (NEW.first_reader_id, NEW.second_reader_id)
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association reads nothing of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_reader_check BEFORE INSERT OR UPDATE OF siret, first_reader_id, second_reader_id
    ON mission_grantapplication FOR EACH ROW WHEN (NEW.state = 'assessment')
    EXECUTE FUNCTION mission_grant_reader_check();

CREATE FUNCTION mission_grant_payment_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    voted numeric;
    signed date;
    paid numeric;
BEGIN
    SELECT voted_amount, agreement_signed_on INTO voted, signed FROM mission_grantapplication
        WHERE id = NEW.row_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO paid FROM mission_grantpayment WHERE row_id = NEW.row_id AND id <> NEW.id;
    IF voted IS NULL OR paid + NEW.amount > voted THEN
        RAISE EXCEPTION 'payments of a grant exceed what was voted' USING ERRCODE = 'check_violation';
    END IF;
    IF voted > 23000 AND signed IS NULL THEN
        RAISE EXCEPTION 'a grant above 23,000 euros is paid after its agreement' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_payment_check BEFORE INSERT OR UPDATE ON mission_grantpayment
    FOR EACH ROW EXECUTE FUNCTION mission_grant_payment_check();
"""
BACKWARD = """
DROP TRIGGER mission_grant_payment_check ON mission_grantpayment;
DROP TRIGGER mission_grant_reader_check ON mission_grantapplication;
DROP TRIGGER mission_grant_score_check ON mission_grantscore;
DROP FUNCTION mission_grant_payment_check();
DROP FUNCTION mission_grant_reader_check();
DROP FUNCTION mission_grant_score_check();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_uploads_without_account'),
        ('institution', '0004_follow_up_months'),
        ('mission', '0007_budget'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GrantApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('name', models.CharField(max_length=160, verbose_name='association')),
                ('state', models.CharField(choices=[('received', 'reçue'), ('completeness_check', 'pièces en vérification'), ('incomplete', 'incomplète'), ('complete', 'complète'), ('assessment', 'en instruction'), ('opinion', 'avis rendu'), ('committee', 'au comité'), ('voted', 'votée'), ('agreement', 'convention signée'), ('paid', 'versée'), ('reported', 'compte rendu reçu'), ('closed', 'close'), ('rejected', 'refusée'), ('withdrawn', 'retirée')], default='received', editable=False, max_length=20, verbose_name='état')),
                ('siret', models.CharField(max_length=14, verbose_name='numéro SIRET')),
                ('rna', models.CharField(blank=True, max_length=10, verbose_name='numéro RNA')),
                ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='personne à joindre')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('contact_phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('project', models.CharField(max_length=160, verbose_name='projet')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='ce qui sera fait, pour qui')),
                ('starts_on', models.DateField(verbose_name='début du projet')),
                ('ends_on', models.DateField(verbose_name='fin du projet')),
                ('cost', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='coût du projet, en euros')),
                ('requested', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='montant demandé, en euros')),
                ('other_funders', models.TextField(blank=True, max_length=1000, verbose_name='autres financeurs, et ce qu’ils ont décidé')),
                ('has_committed', models.BooleanField(default=False, verbose_name='a souscrit le contrat d’engagement républicain')),
                ('received_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='reçue le')),
                ('deposited_at', models.DateTimeField(editable=False, null=True)),
                ('asked_for', models.TextField(blank=True, editable=False, max_length=3000)),
                ('first_read_at', models.DateTimeField(editable=False, null=True)),
                ('second_read_at', models.DateTimeField(editable=False, null=True)),
                ('score', models.DecimalField(decimal_places=1, editable=False, max_digits=4, null=True, verbose_name='note sur 100')),
                ('gap', models.DecimalField(decimal_places=1, editable=False, max_digits=4, null=True)),
                ('discussion', models.TextField(blank=True, editable=False, max_length=2000)),
                ('opinion', models.TextField(blank=True, editable=False, max_length=3000)),
                ('proposed_amount', models.DecimalField(decimal_places=2, editable=False, max_digits=9, null=True, verbose_name='montant proposé, en euros')),
                ('voted_amount', models.DecimalField(decimal_places=2, editable=False, max_digits=9, null=True, verbose_name='montant voté, en euros')),
                ('decided_on', models.DateField(editable=False, null=True, verbose_name='décidée le')),
                ('decision_reference', models.CharField(blank=True, editable=False, max_length=80)),
                ('agreement_signed_on', models.DateField(editable=False, null=True, verbose_name='convention signée le')),
                ('spent_amount', models.DecimalField(decimal_places=2, editable=False, max_digits=10, null=True)),
                ('account', models.TextField(blank=True, editable=False, max_length=3000)),
                ('ended_on', models.DateField(editable=False, null=True)),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_reader', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
                ('second_reader', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'demande de subvention',
            },
        ),
        migrations.CreateModel(
            name='GrantDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254, verbose_name='courriel')),
                ('typed', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('saved_at', models.DateTimeField(null=True)),
                ('application', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deposit', to='mission.grantapplication')),
            ],
            options={
                'verbose_name': 'dépôt d’une demande',
            },
        ),
        migrations.CreateModel(
            name='DepositLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('deposit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='mission.grantdeposit')),
            ],
            options={
                'verbose_name': 'lien personnel d’un dépôt',
            },
        ),
        migrations.CreateModel(
            name='GrantScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('draft', 'en préparation'), ('published', 'publié'), ('closed', 'clos')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('purpose', models.TextField(max_length=3000, verbose_name='ce qui est soutenu')),
                ('opens_on', models.DateField(verbose_name='ouvert à partir du')),
                ('closes_on', models.DateField(verbose_name='ouvert jusqu’au')),
                ('least_amount', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='montant minimum, en euros')),
                ('most_amount', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='montant maximum, en euros')),
                ('envelope', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='enveloppe, en euros')),
                ('discussion_gap', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='écart qui demande un échange, en points sur 100')),
                ('publishes_all', models.BooleanField(default=False, verbose_name='publier toutes les subventions votées, et pas seulement celles de 23 000 euros et plus')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'dispositif',
            },
        ),
        migrations.AddField(
            model_name='grantdeposit',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='mission.grantscheme'),
        ),
        migrations.AddField(
            model_name='grantapplication',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='mission.grantscheme', verbose_name='dispositif'),
        ),
        migrations.CreateModel(
            name='ReaderInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('siret', models.CharField(max_length=14)),
                ('kind', models.CharField(choices=[('belongs', 'adhérent·e, salarié·e ou au bureau'), ('close', 'un proche en fait partie'), ('other', 'autre lien')], max_length=8, verbose_name='lien')),
                ('declared_on', models.DateField(auto_now_add=True)),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'lien d’intérêt déclaré',
            },
        ),
        migrations.CreateModel(
            name='SchemeCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('label', models.CharField(max_length=160, verbose_name='critère')),
                ('weight', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='poids')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='mission.grantscheme')),
            ],
            options={
                'verbose_name': 'critère d’un dispositif',
            },
        ),
        migrations.CreateModel(
            name='GrantScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.PositiveSmallIntegerField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='mission.grantapplication')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.schemecriterion')),
            ],
            options={
                'verbose_name': 'note d’une demande',
            },
        ),
        migrations.CreateModel(
            name='SchemePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('label', models.CharField(max_length=160, verbose_name='pièce')),
                ('is_required', models.BooleanField(default=True, verbose_name='obligatoire')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='mission.grantscheme')),
            ],
            options={
                'verbose_name': 'pièce d’un dispositif',
            },
        ),
        migrations.CreateModel(
            name='GrantDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='mission.grantapplication')),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='mission.grantdeposit')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload')),
                ('piece', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.schemepiece')),
            ],
            options={
                'verbose_name': 'document d’une demande',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SchemeReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='mission.grantscheme')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lit les demandes')),
            ],
            options={
                'verbose_name': 'personne qui lit un dispositif',
            },
        ),
        migrations.CreateModel(
            name='GrantPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('paid_on', models.DateField(verbose_name='versée le')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='montant, en euros')),
                ('order', models.CharField(blank=True, max_length=80, verbose_name='numéro de mandat')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='mission.grantapplication')),
            ],
            options={
                'verbose_name': 'versement d’une subvention',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='grant_payment_positive', violation_error_message='Un versement est au-dessus de zéro.')],
            },
        ),
        migrations.AddIndex(
            model_name='grantscheme',
            index=models.Index(fields=['assembly', 'name', 'id'], name='scheme_by_name'),
        ),
        migrations.AddIndex(
            model_name='grantscheme',
            index=models.Index(fields=['assembly', 'due_on'], name='scheme_by_day'),
        ),
        migrations.AddConstraint(
            model_name='grantscheme',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'closed'])), name='scheme_state_known'),
        ),
        migrations.AddConstraint(
            model_name='grantscheme',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='scheme_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='grantscheme',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='scheme_closes_after_opening', violation_error_message='Le dernier jour vient après le premier.'),
        ),
        migrations.AddConstraint(
            model_name='grantscheme',
            constraint=models.CheckConstraint(condition=models.Q(('envelope__gte', 0), ('least_amount__gt', 0), ('most_amount__gte', models.F('least_amount'))), name='scheme_amounts_in_order', violation_error_message='Le montant minimum est au-dessus de zéro, et le maximum au-dessus de lui.'),
        ),
        migrations.AddConstraint(
            model_name='grantscheme',
            constraint=models.CheckConstraint(condition=models.Q(('discussion_gap__lte', 100)), name='scheme_gap_of_hundred', violation_error_message='L’écart est de 100 points au plus.'),
        ),
        migrations.AddConstraint(
            model_name='grantdeposit',
            constraint=models.UniqueConstraint(condition=models.Q(('application', None)), fields=('scheme', 'email'), name='grant_draft_once'),
        ),
        migrations.AddIndex(
            model_name='grantapplication',
            index=models.Index(fields=['assembly', 'name', 'id'], name='grant_by_name'),
        ),
        migrations.AddIndex(
            model_name='grantapplication',
            index=models.Index(fields=['assembly', 'due_on'], name='grant_by_day'),
        ),
        migrations.AddIndex(
            model_name='grantapplication',
            index=models.Index(fields=['siret'], name='grant_by_siret'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'completeness_check', 'incomplete', 'complete', 'assessment', 'opinion', 'committee', 'voted', 'agreement', 'paid', 'reported', 'closed', 'rejected', 'withdrawn'])), name='grant_state_known'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='grant_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('rejected', 'withdrawn')), _negated=True), fields=('scheme', 'siret'), name='grant_one_a_scheme', violation_error_message='Une demande de cette association est déjà déposée pour ce dispositif.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('siret__regex', '^\\d{14}$')), name='grant_siret_of_14_digits', violation_error_message='Le numéro SIRET a 14 chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', models.F('requested')), ('requested__gt', 0)), name='grant_requested_within_cost', violation_error_message='Le montant demandé est au-dessus de zéro, et au plus le coût du projet.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='grant_ends_after_start', violation_error_message='La fin du projet vient après le début.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('first_reader', None), models.Q(('first_reader', models.F('second_reader')), _negated=True), _connector='OR'), name='grant_two_readers'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', False), ('state__in', ('voted', 'agreement', 'paid', 'reported', 'closed')), ('voted_amount__gt', 0), ('voted_amount__isnull', False)), models.Q(models.Q(('state__in', ('voted', 'agreement', 'paid', 'reported', 'closed')), _negated=True), ('voted_amount', None)), _connector='OR'), name='grant_voted_iff_awarded'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('voted_amount', None), ('voted_amount__lte', models.F('requested')), _connector='OR'), name='grant_voted_within_requested', violation_error_message='Le montant voté ne dépasse pas le montant demandé.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('paid', 'reported', 'closed')), _negated=True), ('voted_amount__lte', Decimal('23000')), ('agreement_signed_on__isnull', False), _connector='OR'), name='grant_agreement_before_payment', violation_error_message='Au-dessus de 23 000 euros, une convention est signée avant le versement.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'agreement'), _negated=True), ('agreement_signed_on__isnull', False), _connector='OR'), name='grant_signed_iff_agreement'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), models.Q(('first_read_at__isnull', False), ('second_read_at__isnull', False)), _connector='OR'), name='grant_score_after_two_readings'),
        ),
        migrations.AddConstraint(
            model_name='readerinterest',
            constraint=models.UniqueConstraint(fields=('user', 'siret'), name='reader_interest_once'),
        ),
        migrations.AddConstraint(
            model_name='schemecriterion',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 100)), name='criterion_weight_between', violation_error_message='Le poids va de 1 à 100.'),
        ),
        migrations.AddConstraint(
            model_name='grantscore',
            constraint=models.UniqueConstraint(fields=('application', 'reader', 'criterion'), name='grant_score_once'),
        ),
        migrations.AddConstraint(
            model_name='grantscore',
            constraint=models.CheckConstraint(condition=models.Q(('points__lte', 5)), name='grant_score_of_five'),
        ),
        migrations.AddConstraint(
            model_name='grantdocument',
            constraint=models.CheckConstraint(condition=models.Q(('deposit__isnull', False), ('application__isnull', False), _connector='OR'), name='grant_document_of_something'),
        ),
        migrations.AddConstraint(
            model_name='schemereader',
            constraint=models.UniqueConstraint(fields=('row', 'user'), name='scheme_reader_once'),
        ),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
