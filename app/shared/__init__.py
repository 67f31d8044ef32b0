"""The shared layer: public facts and ciphertext. Never content, never an applicant, never a member."""
