"""What may be done with files of data."""

IMPORT = "core:exchange:import"
EXPORT = "core:exchange:export"
