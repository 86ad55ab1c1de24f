"""Drills: a tunnel is taken down on purpose, to see that nothing leaves in clear while it is."""
