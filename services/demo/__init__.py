"""The exercise: one fictional child's whole story, played over real HTTP against a running stack."""
