"""Appointments: offers and what becomes of them, who holds what and until when. Opens no vault and grants no key."""
