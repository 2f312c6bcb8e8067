"""The answers over HTTP: the project's own addresses and those that OpenAI's clients speak."""
