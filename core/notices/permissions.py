"""What may be done with notices."""

SEND = "core:notice:send"
