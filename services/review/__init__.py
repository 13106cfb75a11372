"""The police desk: cases, sightings, candidates, alerts before approval, people, audit and the privacy gate."""
