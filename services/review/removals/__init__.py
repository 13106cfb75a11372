"""Requests that an alert or a report be taken away: from whoever it is about, answered by a deadline."""
