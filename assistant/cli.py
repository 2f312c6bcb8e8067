"""The command line: its arguments, its exit codes, and what becomes of an error.

Only argparse is imported here, so that ``--help`` is there at once; a command imports what it needs.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from assistant.evaluate.arguments import add_arguments as add_evaluate_arguments
from assistant.evaluate.arguments import add_draft_arguments, named_path

PROGRAM = "strategy-assistant"
MENDABLE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141
_COLLECTED = (50_000, 20, 50)
"""How many new objects, and rounds, garbage is looked for after: with Python's own 700, very often while importing."""
NOT_WRITTEN = "The output cannot be written ({}): send it where it is taken and there is room"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0 on success, refused questions included; 2 for an error a user can mend, told in one line."""
    _open_what_is_closed()
    _speak_any_alphabet()
    gc.set_threshold(*_COLLECTED)
    try:
        given = parser().parse_args(arguments)
    except SystemExit as ended:  # Such as after --help.
        raise SystemExit(_flush() or ended.code) from None
    from corpus.addresses import redacted
    from corpus.errors import UserError

    try:
        code = _run(given)
        return _flush() or code
    except UserError as error:
        _complain(redacted(str(error)))
        _flush(told=True)
        return MENDABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED


def _complain(line: str) -> None:
    print(f"{PROGRAM}: {' '.join(line.split())}", file=sys.stderr)  # noqa: T201


def _flush(*, told: bool = False) -> int:
    """Writes what is left to be written; the exit code, not 0 where that cannot be, which is said unless ``told``."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except OSError as error:
        _drop_output()
        if not told:
            _complain(NOT_WRITTEN.format(error.strerror))
        return MENDABLE
    return 0


def _drop_output() -> None:
    """Lets what has not been written go: Python would complain once more when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_what_is_closed() -> None:
    """Standard streams that the caller has closed: nothing is read, and what is printed is an error, but for notes.

    In their order, so that each gets its own number and no other file does.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stdout is None:
        # Opened for reading, so that writing fails.
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _run(given: argparse.Namespace) -> int:
    from assistant import commands

    return commands.run(given)


def parser() -> argparse.ArgumentParser:
    """Every command and flag; docs/command-line.md describes them."""
    whole = _Parser(
        prog=PROGRAM,
        description="Answers questions on AI strategy from your own guidance, each sentence proved by its exact words.",
        epilog="examples:\n"
        f"  {PROGRAM} chat\n"
        f'  {PROGRAM} ask "Should our AI programme be led from the top or grow from the teams?"\n'
        f"  {PROGRAM} COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    added = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)

    command = _command(added, "chat", "the chat window, widget and API", ["chat", "chat --port 8080 --model quotes"])
    command.add_argument("--host", help="address to serve on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, help="port to serve on, 0 for any free one (default: 7860)")
    command.add_argument(
        "--allow-remote", action="store_true", default=None, help="serve other machines too, though nobody signs in"
    )
    _documents(command)
    _model(command)

    command = _command(
        added, "mcp", "tools for a program that speaks MCP, on standard input and output", ["mcp", "mcp --model quotes"]
    )
    _documents(command)
    _model(command)

    command = _command(
        added,
        "ask",
        "answer one question",
        [
            'ask "What are the drawbacks of a bottom-up approach?"',
            'ask "Compare the approaches" --memo memo.docx',
            'echo "How do we begin?" | strategy-assistant ask - --json',
        ],
    )
    command.add_argument("question", metavar="QUESTION", help="the question; - reads it from standard input")
    command.add_argument(
        "--history",
        type=named_path,
        metavar="FILE",
        help='the conversation so far: [["user", TEXT], ["assistant", TEXT]]',
    )
    command.add_argument(
        "--memo", type=named_path, metavar="FILE", help="write the answer as a decision memo too: a .md or .docx file"
    )
    _documents(command)
    _model(command)
    _json(command)

    command = _command(added, "search", "the passages that bear on a question", ['search "quick wins" -k 3'])
    command.add_argument("question", metavar="QUESTION", help="the question; - reads it from standard input")
    command.add_argument("-k", type=_whole, default=10, metavar="N", help="how many passages (default: 10)")
    _documents(command)
    _json(command)

    command = _command(
        added,
        "index",
        "build or update the index of the documents",
        [
            "index",
            "index policies/ --json",
            "index policies/ --learn",
            "index --dry-run",
            "index --list",
            "index --rollback",
        ],
    )
    command.add_argument(
        "documents",
        nargs="*",
        type=named_path,
        metavar="PATH",
        help="files and folders, in place of the configured ones",
    )
    kinds = command.add_mutually_exclusive_group()
    kinds.add_argument("--dry-run", action="store_true", help="say what would be done and do nothing")
    kinds.add_argument("--list", action="store_true", help="the versions of the index that are kept")
    kinds.add_argument(
        "--rollback",
        nargs="?",
        const="",
        metavar="VERSION",
        help="answer from an earlier version (default: the one before) until the next index",
    )
    kinds.add_argument("--watch", action="store_true", help="go on, and index whatever changes")
    command.add_argument(
        "--learn",
        action="store_true",
        help="make out what all statements mean now, which is else done while nobody asks (some fifteen a second)",
    )
    command.add_argument(
        "--forget-missing",
        action="store_true",
        help="documents that are missing all at once were removed on purpose: have them answer no more",
    )
    _json(command)

    command = _command(
        added,
        "evaluate",
        "measure answers, retrieval or the support check",
        ["evaluate questions.jsonl --out results", "evaluate --beir collection/ --out results"],
    )
    add_evaluate_arguments(command)
    _documents(command)
    _model(command)

    command = _command(
        added,
        "cases",
        "propose question cases for a person to accept",
        ["cases draft --out drafts.xlsx", "cases draft --documents policies/ --out drafts.jsonl --limit 100"],
    )
    add_draft_arguments(command)
    _documents(command)
    _model(command)
    _json(command)

    command = _command(
        added, "models", "the models that ship", ["models list", "models pull", "models pull qwen2.5-coder-0.5b"]
    )
    command.add_argument("action", choices=["list", "pull"], help="show them, or fetch and verify their weights")
    command.add_argument("name", nargs="?", metavar="NAME", help="one of them; default: those that the settings use")
    _json(command)

    command = _command(
        added,
        "access",
        "a key for someone who may sign in",
        ["access ann", "access editor --own --password"],
    )
    command.add_argument("name", metavar="NAME", help="the person or program; letters, digits and . _ - @")
    command.add_argument("--own", action="store_true", help="may see what only owners of the content may")
    command.add_argument("--password", action="store_true", help="type a password, in place of a key that is made up")

    command = _command(
        added,
        "data",
        "what is kept of a person: export or delete it",
        ["data export ann", "data delete ann"],
    )
    command.add_argument("action", choices=["export", "delete"], help="print everything as JSON, or delete it")
    command.add_argument("person", metavar="PERSON", help="the name by which they sign in")

    command = _command(added, "paths", "where everything is kept", ["paths", "paths --json"])
    _json(command)
    return whole


def _command(
    added: "argparse._SubParsersAction[_Parser]", name: str, about: str, examples: Sequence[str]
) -> argparse.ArgumentParser:
    lines = "\n".join(f"  {line if PROGRAM in line else f'{PROGRAM} {line}'}" for line in examples)
    command = added.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog=f"examples:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared = command.add_argument_group("settings")
    shared.add_argument("--home", type=named_path, metavar="FOLDER", help="the data folder")
    shared.add_argument("--settings", type=named_path, metavar="FILE", help="the settings file (docs/settings.md)")
    shared.add_argument(
        "--log-level", choices=["debug", "info", "warning", "error"], help="what is logged to standard error"
    )
    return command


def _documents(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--documents",
        type=named_path,
        action="append",
        metavar="PATH",
        help="a file or folder to answer from, in place of the configured ones; repeatable",
    )


def _model(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model", metavar="M", help="the language model: a name, a .gguf file, openai:NAME, ..., or quotes for none"
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def _whole(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError("must be a number from 1 to 1000")
    return value


def _speak_any_alphabet() -> None:
    """Output is UTF-8 whatever the locale says, and what cannot be written becomes a question mark, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


class _Parser(argparse.ArgumentParser):
    """What cannot be understood is told in one line, as every other error is."""

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """As argparse does; a flag before the command, or of other commands only, is told as what it is."""
        first = (sys.argv[1:] if args is None else list(args))[:1]
        if self.prog == PROGRAM and first and first[0].startswith("-") and first[0] not in self._option_string_actions:
            self.error(f"{first[0].partition('=')[0]} stands before the command: name the command first")
        if self.prog == f"{PROGRAM} index" and any(given.partition("=")[0] == "--documents" for given in args or ()):
            self.error("index takes files and folders without a flag: leave out --documents")
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        self.exit(MENDABLE, f"{PROGRAM}: {' '.join(message.split())}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """The version, looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"{PROGRAM} {version(PROGRAM)}\n")
