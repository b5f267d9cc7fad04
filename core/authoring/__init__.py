"""For authors of plugins: a world to test in, a scaffold to begin with, a check with a level."""
