"""Who may open what, written by hand and compared with the URL map: a route without a row fails.

`who` is ANYONE, or the roles that get in (NO_ROLE stands for an account that waits for its role). `over`
names the kind of object in the address: such a route is also tried with objects of others, which must be
404. `arguments` fills an address that names no object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualityeval.core.codes import Role

NO_ROLE = "no role"
ANONYMOUS = "anonymous"
EVERYONE = frozenset({*Role, NO_ROLE})
ANYONE = EVERYONE | {ANONYMOUS}
MANAGER = frozenset({Role.MANAGER})
SYSTEM = frozenset({Role.SYSTEM})
SECURITY = frozenset({Role.SECURITY})
AUDIT = frozenset({Role.AUDIT})
PERSONAS = (ANONYMOUS, NO_ROLE, *Role)


@dataclass(frozen=True)
class Access:
    """The expected answer of one endpoint."""

    who: frozenset[str]
    over: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


ROUTES: dict[str, Access] = {
    "account.end_session": Access(EVERYONE, over="session"),
    "account.language": Access(ANYONE),
    "account.large_print": Access(ANYONE),
    "account.own": Access(EVERYONE),
    "account.password": Access(EVERYONE),
    "account.sign_in": Access(ANYONE),
    "account.sign_out": Access(ANYONE),
    "account.totp": Access(ANYONE),
    "assets.file": Access(ANYONE, arguments={"name": "app.css"}),
    "todo.index": Access(EVERYONE),
}
