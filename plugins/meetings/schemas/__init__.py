"""What may come in and what goes out of meetings: one module for each of the five steps."""
