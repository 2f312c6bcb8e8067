"""The one kind of error that is written for the reader of a terminal or a chat window."""


class UserError(Exception):
    """Something a user can mend.

    ``str(error)`` is one line: what is wrong and what to do next. Every face shows that line as it is, the command
    line with exit code 2; any other exception keeps its traceback.
    """


def within_line(message: str) -> str:
    """What another library says, as a part of a line: without its capital and its full stop, all else as it is."""
    message = message.removeprefix("Value error, ").rstrip(".")
    return message[:1].lower() + message[1:]
