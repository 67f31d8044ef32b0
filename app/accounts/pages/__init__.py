"""Pages of accounts, by what one does there. Importing the modules attaches them to the blueprint."""
