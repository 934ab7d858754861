"""Words of case files: the two volumes, and what a paper carries besides its pages."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

VOLUMES: Mapping[str, Label] = {
    "institution": Label("审批卷", "Institution's volume"),
    "undertaker": Label("承办卷", "Undertaker's volume"),
}
FINDINGS: Mapping[str, Label] = {
    "scripts": Label("含脚本", "scripts"),
    "attachments": Label("含附件", "attachments"),
    "annotations": Label("含批注", "annotations"),
    "forms": Label("含表单域", "form fields"),
    "properties": Label("含文档属性", "properties"),
    "locked": Label("限制编辑", "locked for editing"),
    "repaired": Label("已修复才能读", "readable after repair"),
    "broken_pages": Label("有损坏的页", "damaged pages"),
}
