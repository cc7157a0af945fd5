"""Members' calendars on the web, each at a secret address."""
