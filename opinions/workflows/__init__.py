"""State tables of opinions, sections, the services' check and amendments (B8, B9). The README carries the same."""
