"""The tree in time: units, their dated versions, lineage, and who stood above whom on any day."""
