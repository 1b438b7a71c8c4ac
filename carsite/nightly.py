"""What Lambda is asked to do every night: see "events" in zappa_settings.json."""

from typing import Any

from django.core.management import call_command


def sweep(event: dict[str, Any], context: Any) -> None:
    """Removes what failed uploads and deletions left behind. Raises CommandError, for the log and its alarm."""
    call_command("sweep", "--delete")
