"""The annual reports of the counsellors, as they were released: tables under disclosure control, texts, and the PDF. Never a case."""
