"""The operator's mistakes: errors that end the program with one line, which names the cure."""


class OperatorError(Exception):
    """Something has to be set up differently; the message says what and how."""
