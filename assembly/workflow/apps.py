from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "assembly.workflow"
    label = "workflow"
