"""Pictures that the site makes of codes and of stored pictures; no request comes in here."""
