"""What Lambda runs every hour: see "events" in zappa_settings.json."""

import datetime
from typing import Any

from django.core.management import call_command


def sweep(event: dict[str, Any], context: Any) -> None:
    """Removes what failed uploads and deletions left behind, each hour in another 24th of the cars.

    All of a million cars would take longer than a function may run. Raises CommandError, for the log and its alarm.
    """
    scheduled_at = datetime.datetime.fromisoformat(event["time"])
    call_command("sweep", "--delete", "--part", f"{scheduled_at.hour}/24")
