"""The flags of ``strategy-assistant evaluate``. Light to import: ``--help`` reaches it."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what ``evaluate`` takes beside the flags that all commands share (documents, model)."""
    add_question_arguments(parser)
    what = parser.add_argument_group("what is measured instead of question cases").add_mutually_exclusive_group()
    what.add_argument(
        "--beir", type=named_path, metavar="FOLDER", help="retrieval over a collection in the layout of BEIR"
    )
    what.add_argument(
        "--claims", type=named_path, metavar="FILE", help="the support check alone, over claims and their texts"
    )
    what.add_argument("--closed", type=named_path, metavar="CASES", help="each case over its own passages only")
    what.add_argument("--endpoint", metavar="URL", help="another chat with an OpenAI-compatible API, on the same cases")
    parser.add_argument(
        "--queries",
        type=named_path,
        metavar="FILE",
        help="with --beir: other queries than its queries.jsonl",
    )
    parser.add_argument("--no-writing", action="store_true", help="with --closed: measure refusing only, write nothing")
    parser.add_argument(
        "--check-sentences",
        action="store_true",
        help="with --endpoint: check its sentences against the passages that it returns, by our own check",
    )


def add_question_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what everything takes that asks question cases and measures the answers."""
    parser.add_argument(
        "cases",
        nargs="?",
        type=named_path,
        metavar="CASES",
        help="question cases (.jsonl, .csv, .xlsx); default: those that ship",
    )
    parser.add_argument(
        "--out", type=named_path, required=True, metavar="FOLDER", help="where results go; run again to go on"
    )
    parser.add_argument(
        "--judge", metavar="MODEL", help="a language model that says, three times, if answers agree with references"
    )
    chosen = parser.add_argument_group("which cases")
    chosen.add_argument("--limit", type=_whole, metavar="N", help="only the first N cases")
    chosen.add_argument(
        "--sample", type=_whole, metavar="N", help="N cases drawn at random, the same for the same seed"
    )
    chosen.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="for --sample and the intervals (default: 0)"
    )
    parser.add_argument(
        "--workers", type=_whole, default=1, metavar="N", help="cases asked at a time; for hosted models"
    )
    compared = parser.add_argument_group("comparing and gating (a missed bar: exit code 1)")
    compared.add_argument(
        "--baseline", type=named_path, metavar="FOLDER", help="an earlier run to show this one beside"
    )
    compared.add_argument(
        "--require", action="append", default=[], metavar="BAR", help="NAME>=VALUE or NAME<=VALUE, repeatable"
    )
    compared.add_argument(
        "--no-worse-than", type=named_path, metavar="FOLDER", help="an earlier run that must not be better"
    )


def add_draft_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what ``cases`` takes beside the flags that commands share (documents, model, json)."""
    parser.add_argument("action", choices=["draft"], help="propose cases, none of them accepted yet")
    parser.add_argument(
        "--out", type=named_path, required=True, metavar="FILE", help="a new .jsonl or .xlsx file for the drafts"
    )
    parser.add_argument(
        "--from-feedback",
        action="store_true",
        help="of the questions that readers liked or disliked an answer to, and of refused ones",
    )
    parser.add_argument("--limit", type=_whole, default=60, metavar="N", help="at most N drafts (default: 60)")


def named_path(text: str) -> Path:
    """A path that was given; nothing at all would silently mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty name; name a file or a folder")
    return Path(text)


def _seed(text: str) -> int:
    return 0 if text.strip("0") == "" != text else _whole(text)


def _whole(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if value < 1:
        raise argparse.ArgumentTypeError("must be a number from 1 on")
    return value
