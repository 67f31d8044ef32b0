"""Prevention: awareness events as numbers; and each counsellor's own log of training and supervision, private to them even here."""
