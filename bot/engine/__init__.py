"""One event, one transaction: what came in is heard, decided, stored and answered together."""
