"""Slack, with Bolt over Socket Mode."""
