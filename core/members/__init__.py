"""People's membership: dated status, affiliations and positions."""
