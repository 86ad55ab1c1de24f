"""The second factor: codes that change every 30 seconds (RFC 6238), each good once."""

from __future__ import annotations

import datetime as dt
import hmac

__all__ = ["STEP_S", "current", "new_factor", "uri", "used"]

STEP_S = 30
_DRIFT = 1
"""Steps that a telephone's clock may be off, either way."""


def new_factor() -> str:
    """A secret of 160 random bits, base32."""
    import pyotp

    return pyotp.random_base32(32)


def uri(secret: str, name: str) -> str:
    """The otpauth URI that an authenticator scans."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="fosa")


def current(secret: str, now: dt.datetime) -> str:
    """The code of this moment: what an authenticator shows."""
    import pyotp

    return pyotp.TOTP(secret).at(now)


def used(secret: str, code: str, now: dt.datetime, last: int) -> int | None:
    """The number of the step whose code this is; None when it is none, or none after the step `last`.

    Who keeps the number as the next `last` makes every code good once (RFC 6238 §5.2).
    """
    import pyotp

    factor = pyotp.TOTP(secret)
    typed = "".join(code.split())
    step = int(now.timestamp()) // STEP_S
    near = range(step - _DRIFT, step + _DRIFT + 1)
    right = [at for at in near if hmac.compare_digest(factor.at(at * STEP_S).encode(), typed.encode())]
    return next((at for at in right if at > last), None)
