"""The layout of papers: the templates a locality replaces, their fonts, the body in Word."""
