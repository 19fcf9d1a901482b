from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InstitutionConfig(AppConfig):
    name = "assembly.institution"
    label = "institution"

    def ready(self) -> None:
        from assembly.audit.registry import register_locator, register_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.dossiers.awaited import find_people_with  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.second_factor_rules import register_second_factor_rule  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.senders import register_signatory  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.naming import named_people_and_places  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.queries import main_assembly, scope_of  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.role_holders import people_who_may  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.rules import role_needs_second_factor  # noqa: PLC0415 -- models are ready only now

        register_second_factor_rule(role_needs_second_factor)
        register_locator(scope_of)
        find_people_with(people_who_may)
        register_namer(named_people_and_places)
        register_signatory(main_assembly)
        autodiscover_modules("portal")
