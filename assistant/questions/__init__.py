"""What people ask, read by rules: what a question wants, how it parts, what it takes for granted."""
