"""Papers: what a tandem has agreed on, to be kept outside the messenger."""
