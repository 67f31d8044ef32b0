"""The counsellors: cases and consents, sealed to who handles them; never member numbers."""
