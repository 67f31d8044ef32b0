"""Consent as the rule: no outward step without one in force for that step, recipient and content; and the referrals that need it."""
