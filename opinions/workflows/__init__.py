"""State tables of opinions, sections, services' checks and amendments: domain.md B8, B9. The README has the same."""
