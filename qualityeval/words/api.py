"""Words of the programs' interface."""

from collections.abc import Mapping

from qualityeval.core.api_access import ApiScope
from qualityeval.words.labels import Label

SCOPES: Mapping[str, Label] = {
    ApiScope.REGISTERS: Label("送入台账", "Bring registers in"),
    ApiScope.RESULTS: Label("读取评估结果", "Read results"),
}
