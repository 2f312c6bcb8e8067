"""An answer as a decision memo of about one page, to be filed or handed round: Markdown and Word."""
