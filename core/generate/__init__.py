"""Seeded reference data as plain rows: the demo town with its real history, trees of any size.

Pure: no database, no clock, no network. The same seed and day give the same bytes. Real are only
the administrative units of `data/hong-linh-*.csv`, the figures of 04/10/2022 and the number and day
of conclusion 33-KL/ThU; street groups, villages, branches of agencies, decisions and every person
are generated. Nobody is real.
"""
