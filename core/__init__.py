"""The nucleus: the tree in time, members, access, settings, figures, ledger, plugin host."""
