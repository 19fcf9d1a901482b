from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InstitutionConfig(AppConfig):
    name = "assembly.institution"
    label = "institution"

    def ready(self) -> None:
        from assembly.audit.registry import locate_with, name_subjects_with  # noqa: PLC0415 -- models are ready only now
        from assembly.dossiers.awaited import find_people_with  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.senders import sign_with  # noqa: PLC0415 -- models are ready only now
        from assembly.identity.strong_sign_in import strong_sign_in_for  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.naming import named_people_and_places  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.queries import main_assembly, place_of  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.role_holders import people_who_may  # noqa: PLC0415 -- models are ready only now
        from assembly.institution.rules import needs_strong_sign_in  # noqa: PLC0415 -- models are ready only now

        strong_sign_in_for(needs_strong_sign_in)
        locate_with(place_of)
        find_people_with(people_who_may)
        name_subjects_with(named_people_and_places)
        sign_with(main_assembly)
        autodiscover_modules("portal")
