"""Words of a rubric's parts: kinds, fields, whose part an item is."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

KINDS: Mapping[str, Label] = {
    "rubric": Label("标准", "Rubric"),
    "grade": Label("等次", "Grade"),
    "section": Label("指标", "Indicator"),
    "item": Label("评分项", "Item"),
    "veto": Label("一票否决", "Veto"),
    "bonus": Label("加分", "Bonus"),
}
WHAT: Mapping[str, Label] = {
    "added": Label("新增", "Added"),
    "removed": Label("删去", "Removed"),
    "changed": Label("改动", "Changed"),
}
FIELDS: Mapping[str, Label] = {
    "title": Label("名称", "Title"),
    "title_en": Label("英文名称", "English title"),
    "method": Label("方法", "Method"),
    "bonus_cap": Label("加分上限", "Bonus cap"),
    "minimum": Label("起点分", "From"),
    "order": Label("次序", "Order"),
    "good": Label("计入优良", "Counts as good"),
    "points": Label("分值", "Points"),
    "core": Label("核心指标", "Core indicator"),
    "na": Label("可不适用", "May be N/A"),
    "kind": Label("由谁认定", "Established by"),
    "grade": Label("降为", "Down to"),
    "role": Label("归哪一方", "Whose part"),
    "clause": Label("依据条款", "Clause"),
    "check": Label("由哪项过程检查提议", "Proposed by which check"),
    "late": Label("不符合时的提议", "Proposed when it is broken"),
    "anchor_full": Label("评分参照：满分", "Anchor: full marks"),
    "anchor_half": Label("评分参照：一半", "Anchor: half marks"),
    "anchor_none": Label("评分参照：零分", "Anchor: no marks"),
    "phrases": Label("扣分常用语", "Ready phrases"),
}
ROLES: Mapping[str, Label] = {
    "": Label("不区分", "Not divided"),
    "lawyer": Label("承办律师部分", "Lawyer's part"),
    "staff": Label("机构工作人员部分", "Staff part"),
}
VETO_KINDS: Mapping[str, Label] = {
    "file": Label("案卷：两位专家或复评", "The file: two experts, or arbitration"),
    "conduct": Label("行为：查实的投诉，两位管理员录入", "Conduct: a verified complaint, two managers"),
}
ANCHORS: Mapping[str, Label] = {
    "full": Label("满分", "Full marks"),
    "half": Label("一半", "Half marks"),
    "none": Label("零分", "No marks"),
}
