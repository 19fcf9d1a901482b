"""Requests for support, and the method sheets they are answered with."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0011_rooms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MethodSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('draft', 'à relire'), ('in_use', 'en usage'), ('retired', 'retirée')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('purpose', models.CharField(max_length=300, verbose_name='à quoi elle sert')),
                ('method', models.TextField(max_length=4000, verbose_name='déroulé')),
                ('effort', models.CharField(choices=[('light', 'léger'), ('medium', 'moyen'), ('heavy', 'lourd')], max_length=8, verbose_name='effort')),
                ('work_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='travail, en jours')),
                ('group_min', models.PositiveSmallIntegerField(verbose_name='groupe, au moins')),
                ('group_max', models.PositiveSmallIntegerField(verbose_name='groupe, au plus')),
                ('cost', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='coût indicatif, en euros')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'fiche méthode',
            },
        ),
        migrations.CreateModel(
            name='SupportRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('received', 'reçue'), ('qualified', 'qualifiée'), ('accepted', 'acceptée'), ('redirected', 'réorientée'), ('declined', 'refusée'), ('assigned', 'confiée'), ('in_progress', 'en cours'), ('delivered', 'rendue'), ('evaluated', 'évaluée'), ('closed', 'close')], default='received', editable=False, max_length=16, verbose_name='état')),
                ('received_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='reçue le')),
                ('commune', models.CharField(blank=True, max_length=120, verbose_name='commune')),
                ('need', models.TextField(max_length=3000, verbose_name='besoin')),
                ('policy', models.CharField(choices=[('autonomy', 'autonomie, grand âge, handicap'), ('childhood', 'enfance et famille'), ('inclusion', 'insertion et action sociale'), ('education', 'éducation et collèges'), ('mobility', 'routes et mobilités'), ('environment', 'transition écologique, agriculture'), ('housing', 'habitat et logement'), ('culture', 'culture, sport, jeunesse'), ('digital', 'numérique'), ('cross_cutting', 'dialogue citoyen, transversal')], max_length=16, verbose_name='politique ou thème')),
                ('advice', models.TextField(blank=True, max_length=6000, verbose_name='conseil')),
                ('answer_reason', models.TextField(blank=True, editable=False, max_length=1000, verbose_name='motif')),
                ('rating', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='note du demandeur, de 1 à 5')),
                ('evaluation', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='évaluation')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='direction')),
                ('epci', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.partner', verbose_name='intercommunalité')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'demande d’appui',
            },
        ),
        migrations.CreateModel(
            name='SupportMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('why', models.CharField(max_length=300, verbose_name='pourquoi elle')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.methodsheet', verbose_name='méthode')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='methods', to='mission.supportrequest')),
            ],
            options={
                'verbose_name': 'méthode conseillée',
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('title', models.CharField(max_length=160, verbose_name='formation')),
                ('held_on', models.DateField(verbose_name='date')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='durée, en heures')),
                ('place', models.CharField(max_length=160, verbose_name='lieu')),
                ('registered', models.PositiveSmallIntegerField(default=0, verbose_name='inscrits')),
                ('attended', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='présents')),
                ('answers', models.PositiveSmallIntegerField(default=0, verbose_name='réponses au questionnaire')),
                ('satisfaction', models.DecimalField(blank=True, decimal_places=1, max_digits=2, null=True, verbose_name='satisfaction, de 1 à 5')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='mission.supportrequest')),
            ],
            options={
                'verbose_name': 'session de formation',
            },
        ),
        migrations.AddIndex(
            model_name='methodsheet',
            index=models.Index(fields=['assembly', 'name', 'id'], name='method_sheet_by_name'),
        ),
        migrations.AddIndex(
            model_name='methodsheet',
            index=models.Index(fields=['assembly', 'due_on'], name='method_sheet_by_day'),
        ),
        migrations.AddConstraint(
            model_name='methodsheet',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_use', 'retired'])), name='method_sheet_state_known'),
        ),
        migrations.AddConstraint(
            model_name='methodsheet',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='method_sheet_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='methodsheet',
            constraint=models.CheckConstraint(condition=models.Q(('group_max__gte', models.F('group_min')), ('group_min__gte', 1)), name='method_sheet_group_sizes', violation_error_message='Le groupe va d’une taille à une autre, plus grande ou égale.'),
        ),
        migrations.AddConstraint(
            model_name='methodsheet',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='method_sheet_cost_positive', violation_error_message='Le coût n’est pas négatif.'),
        ),
        migrations.AddIndex(
            model_name='supportrequest',
            index=models.Index(fields=['assembly', 'name', 'id'], name='support_request_by_name'),
        ),
        migrations.AddIndex(
            model_name='supportrequest',
            index=models.Index(fields=['assembly', 'due_on'], name='support_request_by_day'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'qualified', 'accepted', 'redirected', 'declined', 'assigned', 'in_progress', 'delivered', 'evaluated', 'closed'])), name='support_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='support_request_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commune', ''), ('directorate__isnull', False), ('epci', None)), models.Q(('directorate', None), ('epci__isnull', False)), _connector='OR'), name='support_request_one_requester', violation_error_message='Qui demande : une direction, ou une intercommunalité (et sa commune).'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['redirected', 'declined']), models.Q(('answer_reason', ''), _negated=True)), models.Q(models.Q(('state__in', ['redirected', 'declined']), _negated=True), ('answer_reason', '')), _connector='OR'), name='support_request_no_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['assigned', 'in_progress', 'delivered', 'evaluated', 'closed']), _negated=True), ('owner__isnull', False), _connector='OR'), name='support_request_in_hand_of', violation_error_code='owner', violation_error_message='Une demande confiée a quelqu’un qui la suit.'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rating__isnull', False), ('rating__range', (1, 5)), ('state__in', ['evaluated', 'closed'])), models.Q(models.Q(('state__in', ['evaluated', 'closed']), _negated=True), ('rating', None)), _connector='OR'), name='support_request_rated'),
        ),
        migrations.AddConstraint(
            model_name='supportmethod',
            constraint=models.UniqueConstraint(fields=('row', 'method'), name='support_method_once', violation_error_message='Cette méthode est déjà conseillée.'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='training_lasts', violation_error_message='Une session dure plus que zéro heure.'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('attended', None), ('attended__lte', models.F('registered')), _connector='OR'), name='training_attended_registered', violation_error_message='Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents.'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('answers', 0), models.Q(('answers__lte', models.F('attended')), ('attended__isnull', False)), _connector='OR'), name='training_answers_attended', violation_error_message='Seules les personnes présentes répondent.'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answers', 0), ('satisfaction', None)), models.Q(('answers__gte', 1), ('satisfaction__isnull', False), ('satisfaction__range', (1, 5))), _connector='OR'), name='training_satisfaction_answered', violation_error_message='La satisfaction va de 1 à 5, et dit combien ont répondu.'),
        ),
    ]
