"""The part of a circular that says how files were judged, from the round's own specification."""

from collections.abc import Sequence

from qualityeval.core.round_spec import RoundSpec
from qualityeval.words import rounds as words


def method(spec: RoundSpec, rubrics: Sequence[str]) -> tuple[str, ...]:
    """Readers, recusal, blindness, consensus, arbitration, rubrics."""
    consensus = spec.consensus
    said = [
        (
            f"每件案件由{spec.reviewers}名专家独立评分，互不知情；专家由系统随机派定，并按规定回避：{_recusal(spec)}。"
            f"盲评程度：{words.BLINDNESS[spec.blind].zh}。"
        ),
        f"结果的合议规则：{words.CONSENSUS_RULES[consensus.rule].zh}。",
    ]
    if consensus.triggers:
        named = "；".join(words.TRIGGERS[one].zh for one in words.TRIGGERS if one in consensus.triggers)
        said.append(
            f"下列情形另行随机派定专家复评：{named}。复评后：{words.RESOLVES[consensus.resolve].zh}。"
        )
    said.append(f"评分标准：{'、'.join(rubrics)}。不同标准的结果不合并、不比较。")
    return tuple(said)


def _recusal(spec: RoundSpec) -> str:
    avoided = ["本人承办的案件", "本人任职机构的案件"]
    if spec.recusal.provider:
        avoided.append("本单位承办的案件")
    if spec.recusal.region != "none":
        avoided.append({"county": "本县（市、区）的案件", "city": "本市的案件"}[spec.recusal.region])
    return "、".join(avoided)
