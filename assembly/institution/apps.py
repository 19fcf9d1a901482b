from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InstitutionConfig(AppConfig):
    name = "assembly.institution"
    label = "institution"

    def ready(self) -> None:
        from assembly.audit.registry import add_locator, add_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.dossiers.awaited import add_people_finder  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.second_factor_rules import add_second_factor_rule  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.senders import add_signatory  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.naming import named_people_and_places  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.queries import main_assembly, scope_of  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.role_holders import people_who_may  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.rules import role_needs_second_factor  # noqa: PLC0415 -- models are ready only now

        add_second_factor_rule(role_needs_second_factor)
        add_locator(scope_of)
        add_people_finder(people_who_may)
        add_namer(named_people_and_places)
        add_signatory(main_assembly)
        autodiscover_modules("portal")
