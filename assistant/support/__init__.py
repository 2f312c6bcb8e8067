"""The support check: does the quoted evidence state a claim in full?"""

from assistant.support.check import SupportCheck, Verdict, task
from assistant.support.differences import Difference, differences
from assistant.support.selection import smallest_cover

__all__ = ["Difference", "SupportCheck", "Verdict", "differences", "smallest_cover", "task"]
