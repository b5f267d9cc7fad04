"""What can be done with accounts, sessions, rights and tokens, one module for each subject."""
