"""The board: postings, applications, appointments and released figures; never a person from another compartment."""
