"""How the counsellors present themselves to the public, and the keys that people seal to."""
