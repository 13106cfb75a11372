"""Keeps a flood from stopping a real report: limits by network, a pass under pressure, a floor for the disk."""
