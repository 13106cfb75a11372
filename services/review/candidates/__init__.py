"""Sightings, the searches made with them, and the candidates that two officers decide."""
