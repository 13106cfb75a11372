"""The poster of a live alert: a sheet to print (A4, A3) and a square picture to share, in each language."""
