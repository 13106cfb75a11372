"""The four rooms. They never import each other; they talk by messages (see shared/messages.py)."""
