"""What may come in about pilot models, and what goes out."""
