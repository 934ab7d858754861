"""Time-based one-time codes (RFC 6238): six digits, steps of 30 seconds."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT_STEPS = 1
ISSUER = "qualityeval"


def new_secret() -> str:
    """A base32 secret of 160 bits."""
    return pyotp.random_base32()


def code_at(secret: str, now: datetime) -> str:
    """The code shown by an authenticator at this instant."""
    return pyotp.TOTP(secret).at(now)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The number of the time step whose code this is, within one step of `now`; None if none.

    The caller stores the step and refuses any that is not later: a code works once.
    """
    typed = code.replace(" ", "").encode()
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), typed):
            return step
    return None


def enrolment_address(secret: str, name: str, organisation: str = "") -> str:
    """The address that an authenticator app reads from a QR code; the organisation tells instances apart."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=organisation or ISSUER)
