"""The command line: parse, call one job, print, exit. No business is decided here."""
