"""Beside the steps: tell a webhook how a run ended. Knows neither Zoho Books nor a job."""

from zbbulk.notices.webhook import Notice, posted, signature

__all__ = ["Notice", "posted", "signature"]
