"""Taking in lists of members: staged, previewed, committed and undone as a whole."""
