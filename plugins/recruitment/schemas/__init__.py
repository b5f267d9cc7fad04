"""What may come in about admission, and what goes out."""
