"""The board: postings, applications, appointments and released figures; never a person from another compartment.

One sub-package per capability, each of the same shape: ``postings`` (written here, kept in the shared layer), ``applications``
(taken in, read, answered, decided), ``appointments`` (offers, who holds what, terms) and ``figures`` (what other offices release).
"""
