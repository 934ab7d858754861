"""Who acts: a plain value handed down from the door."""

from dataclasses import dataclass

from qualityeval.core.codes import Role

COMMAND_LINE_NAME = "command line"


@dataclass(frozen=True)
class Actor:
    """An account at work, or the command line (whoever has the shell has the database)."""

    account_id: int | None
    name: str
    display_name: str
    role: Role | None
    institution_id: int | None = None
    institution_path: str | None = None
    expert_code: str | None = None

    @property
    def is_command_line(self) -> bool:
        """True for the shell without `--as`: may do what a manager may, never counts as one of two."""
        return self.account_id is None


# whoever stands at the sign-in page: has no rights, and an id that no account has
VISITOR = Actor(account_id=0, name="sign-in page", display_name="sign-in page", role=None)
COMMAND_LINE = Actor(account_id=None, name=COMMAND_LINE_NAME, display_name=COMMAND_LINE_NAME, role=None)
