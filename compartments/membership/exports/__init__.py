"""Lists that leave the register: for a purpose, confirmed by a second officer, marked, and for a time."""
