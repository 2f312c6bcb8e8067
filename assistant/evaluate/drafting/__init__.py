"""Question cases proposed for a person to accept: from guidance, and from what readers said of answers."""
