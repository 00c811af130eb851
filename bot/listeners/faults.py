"""Faults of our own making: one id in the log and in the sentence that a person reads."""

from __future__ import annotations

import logging
import secrets


def report_fault(log: logging.Logger, doing: str, error: BaseException) -> str:
    """Logs ``error`` with its traceback under a new id, which it returns. ``doing`` completes "while …"."""
    fault_id = secrets.token_hex(4)
    log.error("Fault %s while %s", fault_id, doing, exc_info=error)
    return fault_id


def fault_sentence(fault_id: str) -> str:
    """What a person reads in place of an answer."""
    return f"Something went wrong on our side. Please tell whoever runs this bot the fault id `{fault_id}`."
