"""What is raised where something that the site leans on does not answer; carsite.middleware makes it a 503."""


class UnavailableError(Exception):
    """The message is for the log."""
