"""The pages that belong to a person: my work, places, search, inbox, preferences."""
