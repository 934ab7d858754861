"""Who may do what: `require` refuses, `may` answers, `scope` becomes a WHERE clause."""

from qualityeval.authz.actor import COMMAND_LINE, Actor
from qualityeval.authz.permissions import Permission
from qualityeval.authz.policy import may, require

__all__ = ["COMMAND_LINE", "Actor", "Permission", "may", "require"]
