"""Forms of this part of the membership compartment: taking in lists of members: staged, previewed, committed and undone as a whole."""
