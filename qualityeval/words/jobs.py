"""Words of jobs: where they stand, and the counts they come back with."""

from collections.abc import Mapping

from qualityeval.core.codes import JobState
from qualityeval.words.labels import Label

JOB_STATES: Mapping[JobState, Label] = {
    JobState.QUEUED: Label("排队中", "Waiting"),
    JobState.RUNNING: Label("办理中", "Running"),
    JobState.DONE: Label("已完成", "Done"),
    JobState.FAILED: Label("没有办成", "Failed"),
    JobState.CANCELLED: Label("已取消", "Cancelled"),
}
JOB_COUNTS: Mapping[str, Label] = {
    "rows": Label("行数", "Rows"),
    "created": Label("新增", "Created"),
    "updated": Label("更新", "Updated"),
    "unchanged": Label("未变", "Unchanged"),
    "rejected": Label("未收", "Rejected"),
    "answers": Label("清理的表单编号", "Form keys forgotten"),
    "orphans": Label("清理的无主文件", "Files without an owner removed"),
}
