"""The annual report: figures under disclosure control, conclusions by the counsellors, released by two of them, sealed to the board."""
