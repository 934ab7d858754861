"""The states of a round and of a drawn case's file, and the moves between them, each in one table.

    round_after(state, act) -> RoundState                   WrongState `round.<act>` where not allowed
    file_after(state, act) -> FileState                     WrongState `file.<act>` where not allowed
    round_acts(state) / file_acts(state) -> tuple           what may be done now, for buttons
    RoundState, RoundAct, FileState, FileAct, OutOfScope    codes; `.value` is what is stored

`call_in: none` is for the caller: after DRAW it takes CALL_IN at once.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from qualityeval.core.errors import WrongState, msg


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    FROZEN = "frozen"
    DRAWN = "drawn"
    CALLED_IN = "called_in"
    ASSIGNED = "assigned"
    SCORING = "scoring"
    ARBITRATION = "arbitration"
    OBJECTION = "objection"
    RELEASED = "released"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class RoundAct(StrEnum):
    """What is done to a round."""

    EDIT = "edit"
    FREEZE = "freeze"
    TYPE_SEED = "type_seed"
    DRAW = "draw"
    CALL_IN = "call_in"
    HAND_IN = "hand_in"
    REPLACE = "replace"
    ASSIGN = "assign"
    SCORE = "score"
    ARBITRATE = "arbitrate"
    NOTIFY = "notify"
    OBJECT = "object"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REVIEW = "review"
    PUBLISH = "publish"


class FileState(StrEnum):
    """Where the file of a drawn case stands. `missing` (未提交案卷) is never replaced."""

    DUE = "due"
    HANDED_IN = "handed_in"
    MISSING = "missing"
    REPLACED = "replaced"


class FileAct(StrEnum):
    """What is done to the file of a drawn case."""

    HAND_IN = "hand_in"
    RETURN = "return"
    DECLARE_MISSING = "declare_missing"
    REPLACE = "replace"


class OutOfScope(StrEnum):
    """The only reasons for a replacement, fixed beforehand."""

    DUPLICATE = "duplicate"
    NOT_CLOSED = "not_closed"
    WRONG_INSTITUTION = "wrong_institution"
    SEALED = "sealed"


_R, _A = RoundState, RoundAct
_OPEN = (
    _R.DRAFT, _R.FROZEN, _R.DRAWN, _R.CALLED_IN, _R.ASSIGNED, _R.SCORING, _R.ARBITRATION, _R.OBJECTION,
)  # fmt: skip
PUBLISHED = frozenset({_R.RELEASED, _R.CLOSED})
_MARKING = (_R.ASSIGNED, _R.SCORING, _R.ARBITRATION)

ROUND_MOVES: Mapping[tuple[RoundState, RoundAct], RoundState] = MappingProxyType(
    {
        (_R.DRAFT, _A.EDIT): _R.DRAFT,
        (_R.DRAFT, _A.FREEZE): _R.FROZEN,
        (_R.FROZEN, _A.TYPE_SEED): _R.FROZEN,
        (_R.FROZEN, _A.DRAW): _R.DRAWN,
        (_R.DRAWN, _A.CALL_IN): _R.CALLED_IN,
        (_R.CALLED_IN, _A.HAND_IN): _R.CALLED_IN,
        (_R.CALLED_IN, _A.REPLACE): _R.CALLED_IN,
        (_R.CALLED_IN, _A.ASSIGN): _R.ASSIGNED,
        # late files and late discoveries: what comes after the dealing is dealt by itself
        **{(state, _A.HAND_IN): state for state in _MARKING},
        **{(state, _A.REPLACE): state for state in _MARKING},
        **{(state, _A.ASSIGN): state for state in _MARKING},
        **{(state, _A.SCORE): _R.SCORING for state in (_R.ASSIGNED, _R.SCORING)},
        (_R.ARBITRATION, _A.SCORE): _R.ARBITRATION,
        **{(state, _A.ARBITRATE): _R.ARBITRATION for state in (_R.SCORING, _R.ARBITRATION)},
        **{(state, _A.NOTIFY): _R.OBJECTION for state in (_R.SCORING, _R.ARBITRATION)},
        (_R.OBJECTION, _A.OBJECT): _R.OBJECTION,
        (_R.OBJECTION, _A.SCORE): _R.OBJECTION,
        (_R.OBJECTION, _A.RELEASE): _R.RELEASED,
        (_R.RELEASED, _A.CLOSE): _R.CLOSED,
        # what was published can be read anew and restated for good, and shown to everybody
        **{(state, act): state for state in PUBLISHED for act in (_A.REVIEW, _A.PUBLISH)},
        **{(state, _A.WITHDRAW): _R.WITHDRAWN for state in _OPEN},
    }
)

FILE_MOVES: Mapping[tuple[FileState, FileAct], FileState] = MappingProxyType(
    {
        (FileState.DUE, FileAct.HAND_IN): FileState.HANDED_IN,
        (FileState.MISSING, FileAct.HAND_IN): FileState.HANDED_IN,
        (FileState.HANDED_IN, FileAct.RETURN): FileState.DUE,
        (FileState.DUE, FileAct.DECLARE_MISSING): FileState.MISSING,
        (FileState.DUE, FileAct.REPLACE): FileState.REPLACED,
        (FileState.HANDED_IN, FileAct.REPLACE): FileState.REPLACED,
    }
)

_ROUND_TEXTS: Mapping[RoundAct, str] = {
    _A.EDIT: msg("方案冻结后不能再改。要改只能撤回这一批次，另建一批。"),
    _A.FREEZE: msg("只有草稿状态的批次才能冻结。"),
    _A.TYPE_SEED: msg("种子只能在冻结之后、抽取之前录入。"),
    _A.DRAW: msg("只有已冻结、还没有抽取的批次才能抽取；一个批次只抽取一次。"),
    _A.CALL_IN: msg("抽取之后才能调卷，且只发一次通知。"),
    _A.HAND_IN: msg("调卷之后、异议期开始之前才能交卷。"),
    _A.REPLACE: msg("调卷之后、异议期开始之前才能替换案件。"),
    _A.ASSIGN: msg("调卷之后、异议期开始之前才能派案。"),
    _A.SCORE: msg("派案之后、发布之前才能评分。"),
    _A.ARBITRATE: msg("评分开始之后、异议期开始之前才能复评。"),
    _A.NOTIFY: msg("评分和复评都完成后才能通知初评等次，且只通知一次。"),
    _A.OBJECT: msg("只有在异议期内才能提出异议。"),
    _A.RELEASE: msg("通知初评等次、异议期结束之后才能发布。"),
    _A.WITHDRAW: msg("已发布、已结束或已撤回的批次不能撤回；发布后的改动另作更正。"),
    _A.CLOSE: msg("发布之后才能结束。"),
    _A.REVIEW: msg("发布之后才能复查并更正；发布之前请按异议办理。"),
    _A.PUBLISH: msg("发布之后才能向社会公开。"),
}
_FILE_TEXTS: Mapping[FileAct, str] = {
    FileAct.HAND_IN: msg("这件案卷已经提交或已被替换，不能再交。"),
    FileAct.RETURN: msg("只有已提交的案卷才能退回。"),
    FileAct.DECLARE_MISSING: msg("只有待提交的案卷才能记为未提交。"),
    FileAct.REPLACE: msg("未提交的案卷不得替换，已替换的也不能再换。"),
}


def round_after(state: RoundState | str, act: RoundAct) -> RoundState:
    """The state after the act; `WrongState` says when it is allowed, with code `round.<act>`.

    `state` of the refusal's params is the present code. NOTIFY and RELEASE have conditions beside the
    state (nothing open, window over, two people), which are the caller's.
    """
    after = ROUND_MOVES.get((RoundState(state), act))
    if after is None:
        raise WrongState(f"round.{act}", _ROUND_TEXTS[act], where="state", state=str(state))
    return after


def scoring_act(state: RoundState | str) -> RoundAct:
    """What handing a sheet in is: scoring, and after the release the review of a published case."""
    return RoundAct.REVIEW if RoundState(state) in PUBLISHED else RoundAct.SCORE


def file_after(state: FileState | str, act: FileAct) -> FileState:
    """The file's state after the act; `WrongState` with code `file.<act>` where it isn't allowed."""
    after = FILE_MOVES.get((FileState(state), act))
    if after is None:
        raise WrongState(f"file.{act}", _FILE_TEXTS[act], where="state", state=str(state))
    return after


_State = TypeVar("_State", RoundState, FileState)
_Act = TypeVar("_Act", RoundAct, FileAct)


def round_acts(state: RoundState | str) -> tuple[RoundAct, ...]:
    """What may be done to a round in this state, in the order of the table."""
    return _acts(ROUND_MOVES, RoundState(state))


def file_acts(state: FileState | str) -> tuple[FileAct, ...]:
    """What may be done to a file in this state, in the order of the table."""
    return _acts(FILE_MOVES, FileState(state))


def _acts(moves: Mapping[tuple[_State, _Act], _State], state: _State) -> tuple[_Act, ...]:
    return tuple(act for at, act in moves if at == state)
