"""Issued documents: papers from replaceable templates, and the files people send."""
