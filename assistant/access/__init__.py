"""Who may ask: people and their keys, tokens, a proxy's word, sites, and how much."""
