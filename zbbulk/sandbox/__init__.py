"""The embedded Zoho Books: a server on 127.0.0.1 with the real codes, limits and quirks.

It shares no code with ``zoho/``: what it knows of Zoho Books it says in its own
words and numbers, so that client and server can disagree in a test.
"""

from zbbulk.sandbox.embedded import Sandbox
from zbbulk.sandbox.serving import serve
from zbbulk.sandbox.store import clear_store

__all__ = ["Sandbox", "clear_store", "serve"]
