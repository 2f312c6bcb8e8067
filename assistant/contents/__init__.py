"""What a guidance holds: its statements, headings and lists, what it sets side by side, and what each of them means."""
