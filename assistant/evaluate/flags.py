"""Flags of ``evaluate`` that do not go together, or would have no effect."""

import argparse

from corpus.errors import UserError


def check_flags(arguments: argparse.Namespace) -> None:
    """Raises ``UserError`` for flags that a run could only leave aside."""
    others = {"--beir": arguments.beir, "--claims": arguments.claims, "--closed": arguments.closed}
    other = next((flag for flag, given in others.items() if given), "")
    if arguments.cases and other:
        raise UserError("name question cases, or one of --beir, --claims and --closed, not both")
    if arguments.queries and not arguments.beir:
        raise UserError("--queries goes with --beir")
    if arguments.judge and other:
        raise UserError("--judge goes with question cases")
    if arguments.check_sentences and not arguments.endpoint:
        raise UserError("--check-sentences goes with --endpoint")
    if arguments.no_writing and not arguments.closed:
        raise UserError("--no-writing goes with --closed")
    alone = other or ("--endpoint" if arguments.endpoint else "")
    if alone and getattr(arguments, "documents", None):
        raise UserError(f"--documents has no effect with {alone}, which brings its own texts; leave it out")
