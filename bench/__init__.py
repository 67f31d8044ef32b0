"""The measures: how fast, how big, how soon. Compared in one run against a baseline on the same machine."""
