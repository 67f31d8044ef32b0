"""Applications: taken in from sealed letters, read, answered, decided, erased. Never leaves the vault but as an answer to the applicant."""
