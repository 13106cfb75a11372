"""Published alerts: frozen CAP messages, feeds per region, and the page for people. Holds only what was approved."""
