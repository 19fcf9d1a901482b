"""Personal data of the indicators: whoever entered a value or made a sheet, by key only."""

from assembly.identity.personal_data import impersonal
from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue

impersonal(IndicatorSheet, IndicatorValue, ManualValue)
