"""The shapes of what the desk's JSON answers, one dataclass each. `views/shapes.py` makes them, the API's document
tells them, and the tests' desk (tests/integration/desk.py) checks every answer against them."""
