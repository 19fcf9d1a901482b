"""Registers are sorted by the key of their names: each index by name holds that key instead of the name."""

from django.db import migrations, models

REGISTERS = {
    'booking': 'booking',
    'budgetline': 'budget_line',
    'contract': 'contract',
    'grantapplication': 'grant',
    'grantscheme': 'scheme',
    'legalitem': 'legal_item',
    'listmessage': 'list_message',
    'mailinglist': 'mailing_list',
    'methodsheet': 'method_sheet',
    'partner': 'partner',
    'resource': 'resource',
    'supportrequest': 'support_request',
    'teampost': 'team_post',
    'trip': 'trip',
    'watchdigest': 'watch_digest',
    'watchitem': 'watch_item',
    'watchsource': 'watch_source',
}


def by_name(noun):
    key = models.Func('name', function='alphabetical')
    return models.Index('assembly', key, 'id', name=f'{noun}_by_name')


class Migration(migrations.Migration):
    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('mission', '0018_grant_decisions'),
    ]

    operations = [
        operation
        for model, noun in REGISTERS.items()
        for operation in (
            migrations.RemoveIndex(model_name=model, name=f'{noun}_by_name'),
            migrations.AddIndex(model_name=model, index=by_name(noun)),
        )
    ]
