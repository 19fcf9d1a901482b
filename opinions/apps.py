from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """Opinions (avis) of the assembly: written together, amended, voted, handed over."""

    name = "opinions"
    verbose_name = "Avis"

    def ready(self) -> None:
        import opinions.privacy.amendments  # noqa: PLC0415 -- models are ready only now
        import opinions.search.amendments  # noqa: PLC0415 -- the same
        import opinions.verbs.amendments  # noqa: PLC0415 -- the same
        import opinions.verbs.papers  # noqa: F401, PLC0415 -- the same
        from assembly.collab.registry import register_kind  # noqa: PLC0415 -- the same
        from opinions import agenda_topics, receivers, texts, verbs  # noqa: F401, PLC0415 -- the same
        from opinions.queries.rights import rights  # noqa: PLC0415 -- the same
        from opinions.queries.thread_assignees import opinion_assignees, section_assignees  # noqa: PLC0415 -- the same

        register_kind(
            texts.SECTION_KIND,
            rights=rights,
            address=texts.section_address,
            late=texts.section_late,
            assignees=section_assignees,
        )
        register_kind(
            texts.OPINION_KIND,
            rights=rights,
            address=texts.opinion_address,
            late=texts.opinion_late,
            assignees=opinion_assignees,
        )
