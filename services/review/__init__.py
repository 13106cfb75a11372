"""The police desk: cases, sightings, candidates, decisions, alerts before approval, people, audit and the privacy gate."""
