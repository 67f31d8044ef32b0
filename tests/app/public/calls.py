"""Four calls and a closed one, for tests of the public pages: plain, strict with evidence, strict with a term, employed."""

from datetime import date, timedelta

from app.shared.models import Posting
from app.shared.page_models import Page

TODAY = date.today  # asked when a call is made, so that midnight in a test run moves nothing

SUPPORT = {
    "slug": "user-support",
    "compartment": "desk",
    "min_seats": 3,
    "texts": {
        "de": {
            "title": "Support",
            "summary": "Beantwortet Anfragen und hilft Menschen weiter, die nicht zurechtkommen.",
            "tasks": "- Anfragen beantworten, jeden Tag ein wenig\n- an die richtige Stelle weitergeben, was nicht hierher gehört\n- die Sammlung der Antworten pflegen",
            "brings": "Geduld, klare Sprache und eine halbe Stunde am Tag.",
            "not_for": "Wer lieber große Vorhaben plant, wird hier unzufrieden.",
            "gets": "Einblick in alles, was Menschen bewegt, und Kolleg:innen, die einspringen.",
            "portrait": "Morgens liegen zwölf Anfragen da. Acht davon stehen schon in der Sammlung, drei gehen an die Mitgliederverwaltung, eine ist neu.",
            "selection": "Nach der Frist lesen zwei aus dem Vorstand. Wer passt, wird zu einem Gespräch eingeladen.",
            "reports_to": "Vorstandsmitglied für Kommunikation",
        },
        "en": {
            "title": "User support",
            "summary": "Answers requests and helps people on who are stuck.",
            "tasks": "- answer requests, a little every day\n- pass on what belongs elsewhere\n- look after the collection of answers",
            "brings": "Patience, plain language and half an hour a day.",
            "not_for": "Whoever prefers planning large projects won't be happy here.",
            "gets": "An insight into what moves people, and colleagues who stand in for you.",
            "portrait": "Twelve requests in the morning. Eight are in the collection already, three go to the membership office, one is new.",
            "selection": "After the deadline two of the board read. Who fits is invited to a talk.",
            "reports_to": "Board member for communication",
        },
    },
    "questions": [
        {
            "id": "presence",
            "texts": {
                "de": "An welchen Tagen sind Sie sicher da?",
                "en": "On which days are you sure to be there?",
            },
            "required": True,
        }
    ],
}
MEMBERSHIP = {
    "slug": "membership-office",
    "compartment": "membership",
    "min_seats": 2,
    "max_seats": 2,
    "texts": {
        "de": {
            "title": "Mitgliederverwaltung",
            "summary": "Lädt Mitglieder ein, sperrt Ausgetretene zügig und beantwortet, was der Support weitergibt.",
            "tasks": "Das Verzeichnis führen, Einladungen verschicken, Austritte sofort eintragen.",
            "brings": "Sorgfalt und Verschwiegenheit.",
            "team": "Zwei Personen, die einander vertreten.",
            "reports_to": "Schatzmeister:in",
        },
        "en": {
            "title": "Membership office",
            "summary": "Invites members, locks leavers promptly and answers what support forwards.",
            "tasks": "Keep the register, send invitations, enter exits at once.",
            "brings": "Care and discretion.",
            "team": "Two people who stand in for one another.",
            "reports_to": "Treasurer",
        },
    },
    "requirements": [
        {
            "id": "training",
            "texts": {"de": "Schulung im Datenschutz", "en": "Training in data protection"},
            "required": True,
            "evidence": True,
        },
        {
            "id": "weekly",
            "texts": {"de": "Zwei feste Abende in der Woche", "en": "Two fixed evenings a week"},
            "required": True,
        },
    ],
}
COUNSEL = {
    "slug": "counsellors",
    "compartment": "counsel",
    "min_seats": 2,
    "seats_wording": "at-least",
    "term_months": 24,
    "texts": {
        "de": {
            "title": "Vertrauenspersonen",
            "summary": "Hören zu, wenn jemand sexuelle Belästigung oder Gewalt erlebt hat, und vermitteln Hilfe.",
            "tasks": "Erstgespräche führen, gemeinsam klären, worum es geht, an Fachstellen vermitteln.",
            "brings": "Erfahrung in Beratung oder Krisenhilfe.",
            "not_for": "Mitglieder des Vorstands können dieses Amt nicht übernehmen.",
        },
        "en": {
            "title": "Counsellors",
            "summary": "Listen when somebody has met with sexual harassment or violence, and find help.",
            "tasks": "Hold first talks, work out the concern together, refer to specialised services.",
            "brings": "Experience in counselling or crisis help.",
            "not_for": "Members of the board can't take this office.",
        },
    },
}
LEAD = {
    "slug": "project-lead",
    "compartment": None,
    "employed": True,
    "min_seats": 1,
    "max_seats": 1,
    "texts": {
        "de": {"title": "Projektleitung Beteiligung", "summary": "Führt Beteiligungsverfahren von der Anfrage bis zum Bericht.", "tasks": "Verfahren planen und begleiten."},
        "en": {"title": "Project lead, consultations", "summary": "Leads consultations from the request to the report.", "tasks": "Plan and accompany consultations."},
    },
}  # fmt: skip
CLOSED = {
    "slug": "communication",
    "compartment": "desk",
    "min_seats": 1,
    "state": "closed",
    "texts": {
        "de": {"title": "Kommunikation", "summary": "Führt das Blog."},
        "en": {"title": "Communication", "summary": "Runs the blog."},
    },
}
DRAFT = {
    "slug": "secret-plan",
    "state": "draft",
    "texts": {"de": {"title": "Noch geheim", "summary": "Nichts davon."}},
}

INTRODUCTION = {
    "de": ("Ein Amt übernehmen", "Der **Bürgerbund** entscheidet offen. Damit das geht, kümmern sich Menschen ehrenamtlich um Post, Mitglieder und Technik."),
    "en": ("Take on an office", "The **Bürgerbund** decides in the open. For that, volunteers look after mail, members and machines."),
}  # fmt: skip


def publish(*calls, day=None):
    """Write calls into the bound shared layer, published for another month unless they say otherwise."""
    day = day or TODAY()
    for call in calls:
        given = {"state": "published", "deadline": day + timedelta(days=30), "published_on": day}
        row = {**given, **call}
        Posting.create(**{"first_deadline": row["deadline"], **row})


def publish_all():
    """Everything that the pages can show."""
    extended = {
        **COUNSEL,
        "deadline": TODAY() + timedelta(days=50),
        "first_deadline": TODAY() + timedelta(days=20),
    }
    publish(SUPPORT, MEMBERSHIP, extended, LEAD, DRAFT)
    publish({**CLOSED, "deadline": TODAY() - timedelta(days=3)})
    for language, (title, body) in INTRODUCTION.items():
        Page.create(slug="introduction", language=language, title=title, body=body)
