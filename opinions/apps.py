from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """Opinions (avis) of the assembly: written together, amended, voted, handed over."""

    name = "opinions"
    verbose_name = "Avis"

    def ready(self) -> None:
        import opinions.audit_events.amendments  # noqa: PLC0415 -- models are ready only now
        import opinions.audit_events.papers  # noqa: PLC0415 -- the same
        import opinions.privacy.amendments  # noqa: PLC0415 -- the same
        import opinions.search.amendments  # noqa: F401, PLC0415 -- the same
        from assembly.collab.registry import add_text_kind  # noqa: PLC0415 -- the same
        from opinions import agenda_topics, audit_events, texts  # noqa: F401, PLC0415 -- the same
        from opinions.queries.rights import rights  # noqa: PLC0415 -- the same
        from opinions.queries.thread_assignees import opinion_assignees, section_assignees  # noqa: PLC0415 -- the same

        add_text_kind(
            texts.SECTION_KIND,
            rights=rights,
            address=texts.section_address,
            late=texts.section_late,
            assignees=section_assignees,
        )
        add_text_kind(
            texts.OPINION_KIND,
            rights=rights,
            address=texts.opinion_address,
            late=texts.opinion_late,
            assignees=opinion_assignees,
        )
