"""Restructuring: plans of many operations on the tree, checked, approved, applied, reverted."""
