"""The refusals of the product: every expected "no" has a name, a code and a remedy."""

from collections.abc import Mapping


def msg(text: str) -> str:
    """Mark a Chinese source text for the catalogue; the text itself is returned unchanged."""
    return text


class RuleViolation(Exception):
    """An expected refusal.

    `code` is stable and machine-readable (`round.wrong_state`), `text` a Chinese sentence that says
    what is wrong and what to do, with `%(name)s` places filled from `params`; `where` names the
    field, row or file. The door (web or command line) translates; nothing below it does.
    """

    code = "refused"
    text = msg("这一步现在不能做。")

    def __init__(
        self,
        code: str | None = None,
        text: str | None = None,
        *,
        where: str = "",
        **params: object,
    ) -> None:
        self.code = code or type(self).code
        self.text = text or type(self).text
        self.where = where
        self.params: Mapping[str, object] = params
        super().__init__(self.code, self.message)

    @property
    def message(self) -> str:
        """The Chinese sentence with its places filled."""
        return self.text % self.params if self.params else self.text


class InvalidInput(RuleViolation):
    """What was typed or uploaded breaks a rule of shape; `where` names the field."""

    code = "input.invalid"


class NotFound(RuleViolation):
    """No such object, or not one this actor may know of: outsiders are never told which."""

    code = "not_found"
    text = msg("没有这项内容，或者您无权查看。")


class NotAllowed(RuleViolation):
    """The actor sees the object but may not do this to it."""

    code = "not_allowed"
    text = msg("您没有做这件事的权限。")


class WrongState(RuleViolation):
    """The move isn't allowed from the present state."""

    code = "wrong_state"


class Stale(RuleViolation):
    """Somebody else saved in between; nothing was overwritten."""

    code = "stale"
    text = msg("这份内容已被别人改过。请刷新后比较两边的内容再保存。")
