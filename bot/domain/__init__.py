"""What happens, a noun each. Pure: a thing, an event and a moment in; a thing and tells out."""
