"""Background work: an outbox in our own transaction, a queue, a process of its own."""
