"""Who fits whom, and why."""
