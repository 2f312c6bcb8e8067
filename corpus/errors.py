"""The one kind of error that is written for the reader of a terminal or a chat window."""


class UserError(Exception):
    """Something a user can mend.

    ``str(error)`` is one line: what is wrong and what to do next. Every face shows that line as it is, the command
    line with exit code 2; any other exception keeps its traceback.
    """
