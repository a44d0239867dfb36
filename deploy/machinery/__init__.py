"""What deploy/chancery is made of."""


class Failure(Exception):
    """Something that stops the command; its text is for the person at the terminal."""
