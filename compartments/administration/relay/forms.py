"""Forms of this part of the administration compartment: messages to the holders of accounts, by way of clearing, and their answers."""
