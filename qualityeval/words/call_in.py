"""Words of the call-in: where a file stands, what was done to it, why a file is out of scope."""

from collections.abc import Mapping

from qualityeval.core.workflow import FileAct, FileState, OutOfScope
from qualityeval.words.labels import Label

STATES: Mapping[str, Label] = {
    FileState.DUE: Label("待交", "Due"),
    FileState.HANDED_IN: Label("已交", "Handed in"),
    FileState.MISSING: Label("未提交案卷", "Missing"),
    FileState.REPLACED: Label("已替换", "Replaced"),
}
ACTS: Mapping[str, Label] = {
    FileAct.HAND_IN: Label("交卷", "Handed in"),
    FileAct.RETURN: Label("退回", "Given back"),
    FileAct.DECLARE_MISSING: Label("记为未提交", "Declared missing"),
    FileAct.REPLACE: Label("替换", "Replaced"),
}
OUT_OF_SCOPE: Mapping[str, Label] = {
    OutOfScope.DUPLICATE: Label("重复登记", "Registered twice"),
    OutOfScope.NOT_CLOSED: Label("尚未结案", "Not closed"),
    OutOfScope.WRONG_INSTITUTION: Label("不属于该机构", "Another institution's"),
    OutOfScope.SEALED: Label("依法封存", "Sealed by law"),
}
DIGESTS: Mapping[str, Label] = {
    "papers": Label("交卷时系统内材料的摘要", "Digest of the stored papers at hand-in"),
    "declared": Label("交卷时申报的摘要", "Digest as declared at hand-in"),
}
