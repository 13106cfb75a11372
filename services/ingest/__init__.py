"""The families' door: takes in reports and sightings, and shows a family how theirs stands."""
