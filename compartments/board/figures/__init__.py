"""What other offices release: their numbers per period, and whether they agree. Sums only; nothing here leads to a key or a person."""
