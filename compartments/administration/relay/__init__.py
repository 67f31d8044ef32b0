"""Messages to the holders of accounts, by way of clearing, and their answers."""
