"""Models of the mission’s desk, each written in its own part."""

from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue

__all__ = ["IndicatorSheet", "IndicatorValue", "ManualValue"]
