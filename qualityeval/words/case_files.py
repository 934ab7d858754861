"""Words of case files: the two volumes, and what a paper carries besides its pages."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

VOLUMES: Mapping[str, Label] = {
    "institution": Label("审批卷", "Institution's volume"),
    "undertaker": Label("承办卷", "Undertaker's volume"),
}
MASKED: Mapping[str, Label] = {
    "recipient": Label("受援人一方", "recipient's side"),
    "practitioner": Label("承办人", "practitioner"),
    "provider": Label("承办单位", "provider"),
    "person": Label("其他人", "another person"),
    "organ": Label("机关（只在全遮盖时）", "organ (full level only)"),
    "number": Label("号码", "number"),
    "kept": Label("不是名称，不遮盖", "no name: not hidden"),
}
RECALL: Mapping[str, Label] = {
    "known": Label("台账里的名称", "names in the register"),
    "learned": Label("材料里的其他人名", "other names in papers"),
    "firms": Label("承办单位名称", "names of providers"),
    "ids": Label("证件号码", "ID numbers"),
    "phones": Label("电话", "phone numbers"),
    "licences": Label("执业证号", "licence numbers"),
}
FINDINGS: Mapping[str, Label] = {
    "scripts": Label("含脚本", "scripts"),
    "attachments": Label("含附件", "attachments"),
    "annotations": Label("含批注", "annotations"),
    "forms": Label("含表单域", "form fields"),
    "properties": Label("含文档属性", "properties"),
    "locked": Label("限制编辑", "locked for editing"),
    "repaired": Label("已修复才能读", "readable after repair"),
    "converted": Label("由 Word 转成页面", "set as pages from Word"),
    "broken_pages": Label("有损坏的页", "damaged pages"),
}
