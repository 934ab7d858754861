"""Words of complaints and requests for papers."""

from collections.abc import Iterable, Mapping

from qualityeval.core.questionnaire import Questionnaire
from qualityeval.words.labels import Label

KINDS: Mapping[str, Label] = {
    "complaint": Label("投诉线索", "Complaint"),
    "papers": Label("补正材料", "Missing papers"),
    "conduct": Label("整改", "Better work"),
}
SOURCES: Mapping[str, Label] = {
    "callback": Label("受援人回访", "Callback"),
    "opinion": Label("办案机关意见", "Organ's opinion"),
    "observation": Label("庭审旁听", "Hearing observed"),
    "archive": Label("归档检查", "Archive check"),
    "review": Label("同行评估", "Peer review"),
}
STATES: Mapping[str, Label] = {
    "open": Label("待答复", "To be answered"),
    "answered": Label("待办结", "To be closed"),
    "closed": Label("已办结", "Closed"),
}


def told(form: Questionnaire, answers: Mapping[str, str], codes: Iterable[str], locale: str) -> list[str]:
    """Question and answer of each grave fact, in words."""

    def say(title: object) -> str:
        return str((locale == "en" and getattr(title, "en", "")) or getattr(title, "zh", ""))

    lines = []
    for code in codes:
        question = form.by_code.get(code)
        chosen = question.option(answers.get(code, "")) if question else None
        if question is not None:
            lines.append(f"{say(question.title)} {say(chosen.title) if chosen else ''}".strip())
    return lines


QUEUES: Mapping[str, Label] = {
    "not_started": Label("指派后没有开始办理", "Not started after assignment"),
    "not_handed_in": Label("结案后没有交材料", "Closing papers not handed in"),
    "not_checked": Label("材料等待结案审核", "Waiting for the closing check"),
    "abnormal": Label("满意度异常", "Abnormal satisfaction"),
    "special": Label("应报告未见记录", "To be reported, no note"),
}
RULES: Mapping[str, Label] = {
    "not_started": Label("指派后 3 个工作日内", "within 3 working days"),
    "not_handed_in": Label("结案后 30 日内", "within 30 days of closing"),
    "not_checked": Label("交材料后 30 日内", "within 30 days of handing in"),
    "abnormal": Label(
        "不满意或有严重反映，投诉线索没办结", "dissatisfied or grave facts, complaint not closed"
    ),
    "special": Label(
        "群体、重大案件在办，案卷没有报告记录", "mass or major, under way, no report in its file"
    ),
}
