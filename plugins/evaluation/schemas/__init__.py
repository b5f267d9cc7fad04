"""What may come in and what goes out, for pages and programs alike."""
