"""Officers' accounts: enrolment, commitment, log-in, second factor, admission, passphrase."""
