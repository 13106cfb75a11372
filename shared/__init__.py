"""What every room may import. It imports no room."""
