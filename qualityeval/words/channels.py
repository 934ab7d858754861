"""Words of hearings, callbacks and organs' opinions."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

OBSERVATION_STATES: Mapping[str, Label] = {
    "planned": Label("待旁听", "To be observed"),
    "submitted": Label("已提交", "Handed in"),
    "closed_hearing": Label("不公开审理", "Closed hearing"),
}
WHYS: Mapping[str, Label] = {
    "first_case": Label("首次承办", "First aid case"),
    "mass": Label("群体案件", "Mass case"),
    "major": Label("重大案件", "Major case"),
    "drawn": Label("抽中", "Drawn"),
    "chosen": Label("指定", "Chosen"),
}
MODES: Mapping[str, Label] = {
    "on_site": Label("到庭旁听", "In the courtroom"),
    "live": Label("网上直播", "Live broadcast"),
    "recording": Label("庭审录像", "Recording"),
}
CLOSED_REASONS: Mapping[str, Label] = {
    "state_secret": Label("涉及国家秘密", "State secrets"),
    "privacy": Label("涉及个人隐私", "Personal privacy"),
    "minor": Label("未成年人案件", "A minor's case"),
    "trade_secret": Label("涉及商业秘密", "Trade secrets"),
}
SCORE_REASONS: Mapping[str, Label] = {
    "absent": Label("律师没有到庭，不计分", "No score: the lawyer didn't come"),
    "covered": Label("可评的不足 70 分，不计分", "No score: under 70 points could be judged"),
    "incomplete": Label("还没有答完", "Not complete yet"),
}
OUTCOMES: Mapping[str, Label] = {
    "reached": Label("接通", "Reached"),
    "no_answer": Label("无人接听", "No answer"),
    "dead": Label("空号", "Dead number"),
    "suspended": Label("停机", "Suspended"),
    "refused": Label("拒访", "Refused"),
    "rescheduled": Label("改约", "Call later"),
    "wrong_number": Label("号码不对", "Wrong number"),
    "third_party": Label("他人接听", "Somebody else"),
}
MEANS: Mapping[str, Label] = {
    "phone": Label("电话", "Phone"),
    "visit": Label("上门", "Visit"),
    "letter": Label("信函", "Letter"),
    "online": Label("网上", "Online"),
}
OPINION_STATES: Mapping[str, Label] = {
    "asked": Label("待答复", "Waiting"),
    "answered": Label("已答复", "Answered"),
    "revoked": Label("已撤回", "Taken back"),
    "expired": Label("已过期", "Expired"),
}
VIAS: Mapping[str, Label] = {
    "link": Label("一次性链接", "One-time link"),
    "letter": Label("书面答复", "On paper"),
}
LEFT_OUT: Mapping[str, Label] = {
    "sealed": Label("封存案件", "Sealed"),
    "no_phone": Label("没有电话号码", "No phone number"),
    "opted_out": Label("不愿再受访", "Wants no more calls"),
    "minor": Label("未成年，只找监护人", "A minor: guardian only"),
    "asked": Label("已经征询过", "Asked already"),
    "no_practitioner": Label("没有承办人", "No practitioner"),
    "sent": Label("已经告知过", "Told already"),
    "no_organ": Label("没有办案机关", "No organ"),
    **CLOSED_REASONS,
}

WAYS: Mapping[str, Label] = {
    "sms": Label("短信", "Short message"),
    "letter": Label("信函", "Letter"),
}
LINK_ENDS: Mapping[str, Label] = {
    "answered": Label("已答卷", "Answered"),
    "not_person": Label("不是本人", "Not this person"),
    "opted_out": Label("不愿受访", "Opted out"),
}

STATEMENT_STATES: Mapping[str, Label] = {
    "sent": Label("未打开", "Not opened"),
    "opened": Label("已打开", "Opened"),
    "waiting": Label("等待答复", "Waits for an answer"),
    "answered": Label("已答复", "Answered"),
    "revoked": Label("已撤回", "Taken back"),
    "expired": Label("已过期", "Expired"),
}
MARKS: Mapping[str, Label] = {
    "own_device": Label("与承办人同一设备", "The lawyer's own device"),
    "own_address": Label("与承办人同一网络", "The lawyer's own network"),
    "shared_device": Label("多人同一设备", "Several from one device"),
    "shared_address": Label("多人同一网络", "Several from one network"),
    "shared_number": Label("多人同一号码", "One number for several"),
}

# where two of the four channels contradict each other
CONTRADICTIONS: Mapping[str, Label] = {
    "alarm": Label(
        "回访有严重反映，同行评估却为良好以上", "Grave facts told by the recipient, a good grade by peers"
    ),
    "silent": Label(
        "沉默案件：同行评估不到良好，受援人却满意", "Silent case: below good by peers, a content recipient"
    ),
    "unheard": Label("受援人不满意，同行评估却为良好以上", "A dissatisfied recipient, a good grade by peers"),
    "organ": Label("办案机关与同行评估相反", "The organ says the opposite of the peers"),
    "hearing": Label("旁听得分与同行评估相反", "The hearing observed says the opposite of the peers"),
}
