"""What the desk's own numbers say of its work: counts, waits, agreement. Nothing of any person."""
