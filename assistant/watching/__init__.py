"""What the service tells whoever keeps it running: measures, a log by request, traces. Never what people ask."""
