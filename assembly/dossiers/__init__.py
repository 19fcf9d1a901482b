"""The screen half of the step engine: rows of a workflow as pages, and the frame of a dossier.

The domain half, which locks, checks and writes, is `assembly.workflow`.
"""

from assembly.dossiers.pages import StepLink, StepPages
