"""An assistant that stays up: rebuilt in a process of its own and switched while questions are in flight."""
