"""Mail: composing it, handing it to an SMTP server, and reading what comes back undelivered. Never who is written to, or why."""
