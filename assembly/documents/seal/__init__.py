"""The assembly's own seal: « délivré par nous, inchangé ». Persons approve by visa; nobody signs for a person."""
