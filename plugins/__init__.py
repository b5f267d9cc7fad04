"""Our own plugins; foreign ones are packages of their own."""
