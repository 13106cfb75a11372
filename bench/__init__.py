"""Figures that the README promises, each measured on this machine beside its limit. Run it with `make bench`."""
