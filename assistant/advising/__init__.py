"""Advice for an organization that someone describes, by rules an owner writes beside the guidance."""

from assistant.advising.adviser import Adviser, FormField
from assistant.advising.reading import Reading
from assistant.advising.rules import FILE_NAME, Rules, load_rules, shipped_wording
from assistant.advising.weighing import lean

__all__ = ["FILE_NAME", "Adviser", "FormField", "Reading", "Rules", "lean", "load_rules", "shipped_wording"]
