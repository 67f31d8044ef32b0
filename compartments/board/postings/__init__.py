"""Writing postings: create, edit, publish, extend, close. Postings are public facts; nothing of an applicant is in here."""
