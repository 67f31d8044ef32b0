"""Confidential counsel for the public: what it is, writing to counsellors, and coming back with the receipt code."""
