"""The nucleus: the tree in time, members, access, settings, indicators, the ledger and the plugin host."""
