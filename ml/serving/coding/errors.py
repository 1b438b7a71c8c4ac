"""What a caller can be told about a file."""


class CodingError(ValueError):
    """A file that is no car of this model; the message says in plain words what is wrong."""
