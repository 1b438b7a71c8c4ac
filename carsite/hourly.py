"""What Lambda is asked to do every hour: see "events" in zappa_settings.json."""

import datetime
from typing import Any

from django.core.management import call_command


def sweep(event: dict[str, Any], context: Any) -> None:
    """Removes what failed uploads and deletions left behind, in a part of all cars that is another one every hour.

    A function has a minute, which all of a million cars would not fit. Raises CommandError, for the log and its alarm.
    """
    scheduled_at = datetime.datetime.fromisoformat(event["time"])
    call_command("sweep", "--delete", "--part", f"{scheduled_at.hour}/24")
