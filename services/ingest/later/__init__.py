"""What comes after a report was sent: additions, corrections, answers, withdrawal, and requests for removal."""
