"""Telling people: inbox, printable slips, text to copy, e-mail where configured."""
