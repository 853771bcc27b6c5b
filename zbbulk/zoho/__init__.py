"""Step 4, sending: the only folder that knows Zoho's HTTP.

From the wire up: ``wire`` (one HTTP exchange), ``envelope`` (what an answer says),
``rules`` (what a code means), ``auth`` (tokens), ``limits`` and ``pace`` (how fast),
``client`` (one try), ``retry`` (again, wait or stop), ``sender`` (a Record becomes an
Outcome), ``bulk`` (many ids in one call). All durations are seconds of the ``clock``.
"""
