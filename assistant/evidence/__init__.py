"""What an answer may be made of: the passages found for a question and its parts, and the statements chosen."""
