"""The engine: who talks to whom, about what, and what comes next. It knows no platform."""
