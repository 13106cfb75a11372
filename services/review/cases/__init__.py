"""Cases: a missing child from report to registration, closing and erasure."""
