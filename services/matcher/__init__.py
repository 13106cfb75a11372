"""The matcher: templates of registered missing minors, and nothing that names them."""
