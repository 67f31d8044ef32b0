"""What passes between compartments, and from the public into one: sealed, signed, listed, taken in exactly once."""
