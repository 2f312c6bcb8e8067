"""Guidance as clean text: loading files, finding their sections, splitting them into passages.

Every character offset of the project refers to ``Document.text``, which this package makes and nothing changes later.
"""

from corpus.errors import UserError
from corpus.loading import Loaded, Refused, load, load_all, shipped_guidance
from corpus.readings import Readings
from corpus.records import Document, Passage, Section, Source
from corpus.sentences import sentences
from corpus.splitting import Splitter, split
from corpus.watching import signature

__all__ = [
    "Document",
    "Loaded",
    "Passage",
    "Readings",
    "Refused",
    "Section",
    "Source",
    "Splitter",
    "UserError",
    "load",
    "load_all",
    "sentences",
    "shipped_guidance",
    "signature",
    "split",
]
