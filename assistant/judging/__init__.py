"""Whether statements answer a question: by a language model that judges, and by rules on what would answer."""
