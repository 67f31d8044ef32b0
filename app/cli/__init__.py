"""The command line: the operator's part. Opens no vault after the founding."""
