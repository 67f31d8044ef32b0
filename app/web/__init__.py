"""The Flask side that every face shares: looks, languages, guards, forms. No rule of an office lives here."""
