"""What the people of the story write, in both languages. Invented."""

from app.cli.demo.paper import one_page_pdf

POSTING = {
    "de-title": "Mitgliederverwaltung",
    "de-summary": "Lädt Mitglieder ein, sperrt Ausgetretene zügig und beantwortet, was der Support weitergibt.",
    "de-tasks": "- das Verzeichnis führen\n- Einladungen verschicken\n- Austritte am selben Tag eintragen",
    "de-brings": "Sorgfalt, Verschwiegenheit und **zwei feste Abende** in der Woche.",
    "de-reports_to": "Schatzmeister:in",
    "en-title": "Membership office",
    "en-summary": "Invites members, locks leavers promptly and answers what support forwards.",
    "en-tasks": "- keep the register\n- send invitations\n- enter exits on the same day",
    "en-brings": "Care, discretion and **two fixed evenings** a week.",
    "en-reports_to": "Treasurer",
    "requirements-0-de": "Schulung im Datenschutz",
    "requirements-0-en": "Training in data protection",
    "requirements-0-evidence": "yes",
    "questions-0-de": "An welchen Abenden haben Sie Zeit?",
    "questions-0-en": "Which evenings are you free?",
    "questions-0-required": "yes",
    "min_seats": "2",
    "max_seats": "3",
    "filled_before": "1",
    "compartment": "membership",
    "slug": "membership-office",
}
TITLE = {language: POSTING[f"{language}-title"] for language in ("de", "en")}

WORDS = {
    "de": {
        "email": "noor@example.org",
        "motivation": "Ich führe gern Verzeichnisse, die stimmen, und kann schweigen.",
        "experience": "Acht Jahre Schriftführung im Ruderverein, 600 Mitglieder.",
        "availability": "Fünf Stunden in der Woche, ab sofort.",
        "answer": "Dienstags und donnerstags ab sieben.",
        "evidence": "Kurs des Landesverbands im März, Bescheinigung liegt bei.",
        "question": "Könnten Sie auch an einem Samstag im Monat?",
        "reply": "Ja, am ersten Samstag. Den Plan habe ich angehängt.",
    },
    "en": {
        "email": "noor@example.org",
        "motivation": "I like registers that are right, and I can keep a secret.",
        "experience": "Eight years as the secretary of a rowing club with 600 members.",
        "availability": "Five hours a week, from now on.",
        "answer": "Tuesdays and Thursdays after seven.",
        "evidence": "The federation's course in March; the certificate is attached.",
        "question": "Could you also do one Saturday a month?",
        "reply": "Yes, the first Saturday. I have attached the plan.",
    },
}

NEW_MEMBER = {
    "last_name": "Zumwinkel",
    "first_name": "Ottokar",
    "birth_date": "1961-04-12",
    "street": "Am Alten Hafen 7",
    "postcode": "24103",
    "city": "Kiel",
    "email": "ottokar@example.org",
    "phone": "+49 431 555 12 07",
    "dues_cents": "48,00",
    "notes": "Hat am Stand in Kiel unterschrieben.",
}


def paper(name: str, line: str) -> dict:
    """A file as a browser's file chooser takes it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": one_page_pdf(line)}
