"""Labels of an expert's terms, and the undertaking that experts sign."""

from collections.abc import Mapping

from qualityeval.core.errors import msg
from qualityeval.words.labels import Label

KINDS: Mapping[str, Label] = {
    "own": Label("本库专家", "Own expert"),
    "guest": Label("外请专家", "Guest expert"),
    "third_party": Label("第三方评估人", "Third-party assessor"),
}
ASKED: Mapping[str, Label] = {
    "undertaking": Label("签署承诺书", "Signed undertaking"),
    "training": Label("参加过评前培训", "Training attended"),
    "calibration": Label("评完定标卷", "Anchor files scored"),
}
UNDERTAKING = (
    msg("我按评分标准独立评分，不受任何单位和个人的干预。"),
    msg("我与派给我的案件没有应当回避的关系；一旦发现，立即申报，不再打开案卷。"),
    msg("案卷内容只用于这次评估。我不复制、不外传，不与他人谈论案件和评分，评完即退回。"),
    msg("我不打听承办人和其他评分人是谁，也不接受与评估有关的宴请和财物。"),
)
GROUNDS: Mapping[str, Label] = {
    "id_number": Label("证件号码相同", "Same ID number"),
    "licence": Label("执业证号相同", "Same licence number"),
    "name": Label("姓名和单位相同", "Same name and provider"),
}
PAIR_STATES: Mapping[str, Label] = {
    "open": Label("待判定", "To be decided"),
    "same": Label("同一人", "Same person"),
    "different": Label("不是同一人", "Different persons"),
}
WATCH_ACTS: Mapping[str, Label] = {
    "admit": Label("准入", "Admit"),
    "warn": Label("提醒", "Warn"),
    "withdraw": Label("退出", "Withdraw"),
}
WATCH_STATES: Mapping[str, Label] = {
    "open": Label("等另一位管理员决定", "Waiting for a second manager"),
    "agreed": Label("同意", "Agreed"),
    "refused": Label("不同意", "Refused"),
}
WATCH_ABOUT: Mapping[str, Label] = {
    "expert": Label("专家", "Expert"),
    "practitioner": Label("承办人", "Practitioner"),
}
APPLICATION_STATES: Mapping[str, Label] = {
    "sent": Label("待审", "Waiting"),
    "appointed": Label("聘任", "Appointed"),
    "refused": Label("不聘任", "Refused"),
}
SPECIALTIES: Mapping[str, Label] = {
    "criminal": Label("刑事", "Criminal"),
    "civil": Label("民事", "Civil"),
    "administrative": Label("行政", "Administrative"),
    "labour": Label("劳动", "Labour"),
    "juvenile": Label("未成年", "Juvenile"),
    "other": Label("其他", "Other"),
}
