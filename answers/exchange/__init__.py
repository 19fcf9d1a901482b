"""Export of the answers to the directorates’ own tools, and import from them."""
