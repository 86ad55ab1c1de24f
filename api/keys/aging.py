"""How old the shared keys of tunnels are. Pure but for the ledger: no key is read."""

from __future__ import annotations

from api.chain import Deed
from api.desk.context import Context
from api.keys.model import SharedKey
from api.keys.shelf import SHARED_KEYS
from api.store.ledger import Put
from inventory.model import Tunnel

__all__ = ["note", "shared_keys"]


def shared_keys(context: Context) -> tuple[SharedKey, ...]:
    """Every shared key the inventory names, with what is known of its age."""
    kept = {each.key: each.value for each in context.ledger.list(SHARED_KEYS)}
    named = [_named(tunnel) for tunnel in context.office.tunnels if tunnel.authentication.psk]
    return tuple(known if (known := kept.get(one.tunnel)) and _same(known, one) else one for one in named)


def note(context: Context, deed: Deed) -> None:
    """Write down which keys have come since. A key in another place is a new one."""
    for one in shared_keys(context):
        if one.since is None:
            kept = context.ledger.get(SHARED_KEYS, one.tunnel)
            was = kept.value if kept else None
            stays = was is not None and was.reference == one.reference
            since = was.since if was is not None and stays else context.clock()
            older = was is None or (stays and was.older)
            known = one.model_copy(update={"since": since, "older": older})
            subject = {"subject": f"tunnel {one.tunnel}", "after": one.reference}
            put = Put(SHARED_KEYS, one.tunnel, known, kept.version if kept else 0)
            context.ledger.write(deed.model_copy(update=subject), [put])


def _named(tunnel: Tunnel) -> SharedKey:
    authentication = tunnel.authentication
    return SharedKey(tunnel=tunnel.name, reference=authentication.psk or "", previous=authentication.previous)


def _same(known: SharedKey, now: SharedKey) -> bool:
    return (known.reference, known.previous) == (now.reference, now.previous)
