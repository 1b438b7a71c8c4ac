"""What Lambda runs every hour: see "events" in zappa_settings.json."""

import datetime
from typing import Any

from django.core.management import call_command

SPARE_S = 10  # for the car that is being placed, and for a start that was slow


def sweep(event: dict[str, Any], context: Any) -> None:
    """Removes what failed uploads and deletions left behind, each hour in another 24th of the cars.

    All of a million cars would take longer than a function may run. Then, in the time that is left, it places cars that
    the current model has not placed. Raises CommandError, for the log and its alarm.
    """
    scheduled_at = datetime.datetime.fromisoformat(event["time"])
    call_command("sweep", "--delete", "--part", f"{scheduled_at.hour}/24")
    left_s = context.get_remaining_time_in_millis() // 1000 - SPARE_S
    if left_s > 0:
        call_command("place_cars", "--seconds", str(left_s))
