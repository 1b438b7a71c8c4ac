"""The error for a service that does not answer; carsite.middleware turns it into a 503."""


class UnavailableError(Exception):
    """The message is for the log."""
