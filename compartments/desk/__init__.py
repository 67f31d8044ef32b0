"""The support desk: requests and their answers; never member data beyond what a sender wrote."""
