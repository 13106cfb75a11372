"""The on-call list, and what it is paged about."""
