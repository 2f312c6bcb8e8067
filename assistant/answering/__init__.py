"""From the passages found to an answer: what rules say, what is read and written, and how it is told."""
