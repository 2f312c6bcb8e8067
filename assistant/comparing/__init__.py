"""What a guidance sets side by side, compared: tables of options against criteria, and both sides of a claim."""
