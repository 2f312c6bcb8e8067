"""Measures, one kind a module, each defined with its source in docs/evaluating.md."""
