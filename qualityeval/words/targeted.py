"""Words of targeted files."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

RULES: Mapping[str, Label] = {
    "complaint": Label("投诉", "Complaint"),
    "satisfaction": Label("回访不满意", "Dissatisfied recipient"),
    "opinion": Label("办案机关意见差", "Bad opinion of the organ"),
    "overdue": Label("逾期归卷", "File overdue"),
    "mass": Label("群体性案件", "Mass case"),
}
