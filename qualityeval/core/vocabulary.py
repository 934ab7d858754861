"""The words registers use for our codes and headings: what is understood without being told.

    WORDS[field][word] -> code       for fields of kind CODE, plus yes/no words in YES and NO
    folded(text)                     how words are compared: NFKC, lower case, without spaces and joins
    field_of_heading(heading)        the field a column heading names, or None

A register's own words are added by its mapping (`values`), which wins over these.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from qualityeval.core.case_fields import FIELDS
from qualityeval.core.codes import AidForm, CaseType, Stage

ENUMS: Mapping[str, tuple[str, ...]] = {
    "case_type": tuple(CaseType),
    "aid_form": tuple(AidForm),
    "stage": tuple(Stage),
}

_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "case_type": {
        "criminal": "刑事 刑事案件 刑 刑事类 01",
        "civil": "民事 民事案件 民 民事类 民商事 劳动争议 02",
        "administrative": "行政 行政案件 行政类 03",
    },
    "aid_form": {
        "defence": "刑事辩护 辩护 辩护人 defense",
        "representation": "代理 诉讼代理 刑事代理 民事代理 民事诉讼代理 行政代理 行政诉讼代理 民事诉讼 行政诉讼 诉讼",
        "arbitration": "仲裁 劳动仲裁 仲裁代理 劳动仲裁代理 劳动争议仲裁 劳动争议调解与仲裁代理",
        "nonlitigation": "非诉讼 非诉 非诉讼代理 非诉讼法律援助 nonlitigation调解",
        "duty": "值班律师 值班律师法律帮助 法律帮助 认罪认罚 认罪认罚法律帮助 dutylawyer",
    },
    "stage": {
        "investigation": "侦查 侦查阶段 公安侦查",
        "prosecution": "审查起诉 审查起诉阶段 起诉 检察",
        "trial": "审判 审判阶段 一审 第一审 一审阶段 一审程序 firstinstance",
        "appeal": "二审 第二审 上诉 二审阶段 二审程序 secondinstance",
        "retrial": "再审 申诉 再审阶段 审判监督",
        "arbitration": "仲裁 劳动仲裁 仲裁阶段",
        "enforcement": "执行 执行阶段",
        "none": "无 其他 非诉 非诉讼 不适用 /",
    },
}
YES = frozenset({"是", "有", "y", "yes", "true", "t", "1", "√", "✓", "开庭", "已开庭", "对"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "f", "0", "×", "✗", "未开庭", "不开庭", "非", "错"})
NOT_APPLICABLE = YES | {"na", "n/a", "不适用"}

_HEADINGS: Mapping[str, str] = {
    "number": "援助案号 案号 案件编号 案件号 法援案号 法律援助案号 受援编号 caseno casenum casenumber case",
    "institution": "法律援助机构 援助机构 机构 法援中心 法律援助中心 受理机构 指派机构 机构名称 institution office centre center",
    "institution_code": "机构代码 机构编码 机构编号 区划代码 行政区划代码 地区代码 institutioncode officecode countyno",
    "case_type": "案件类型 案件类别 案件性质 类型 casetype",
    "aid_form": "援助方式 援助形式 法律援助方式 法律援助形式 aidform",
    "stage": "办案阶段 诉讼阶段 阶段 案件阶段 stage",
    "status": "案件状态 状态 办理状态 status",
    "source": "案件来源 来源 source",
    "notice_number": "通知函号 通知书号 公函号 noticenumber",
    "series": "系列案 系列案号 批量案 series",
    "station": "受理站点 工作站 站点 station",
    "sealed": "未成年人封存 封存 犯罪记录封存 sealed",
    "recipient_name": "受援人 受援人姓名 当事人 当事人姓名 姓名 申请人 recipient recipientname defendantname clientname",
    "recipient_sex": "性别 受援人性别 sex gender defendantsex",
    "recipient_born_on": "出生日期 出生年月日 生日 dateofbirth dob birthdate defendantdob",
    "recipient_tags": "受援人类别 人员类别 受援人群 tags",
    "recipient_id_number": "身份证件号码 身份证号 身份证号码 证件号码 身份证 idnumber",
    "recipient_phone": "联系电话 手机 手机号 手机号码 电话 受援人电话 phone telephone mobile",
    "cause": "案由 罪名 涉嫌罪名 案由罪名 cause charge",
    "position": "诉讼地位 position",
    "organ": "办案机关 办案单位 受理法院 法院 court organ",
    "officer": "办案人员 承办法官 法官 检察官 办案人 judge judgename officer",
    "court_number": "办案机关案号 法院案号 司法机关案号 courtnumber",
    "risk": "风险等级 风险 risk",
    "provider": "承办单位 律师事务所 律所 承办机构 所属律所 provider firm lawfirm",
    "practitioner": "承办人 承办律师 律师 承办人员 承办人姓名 practitioner lawyer attorney",
    "second_practitioner": "第二承办人 承办人2 承办人二 第二承办律师 承办律师2 协办人 协办律师 共同承办人 second_practitioner",
    "second_licence": "第二承办人执业证号 承办人2执业证号 执业证号2 second_licence",
    "second_provider": "第二承办单位 承办单位2 承办律所2 second_provider",
    "practitioner_licence": "执业证号 律师执业证号 执业证号码 licence license",
    "assigned_by": "指派方式 assignedby",
    "applied_on": "申请日期 申请时间",
    "accepted_on": "受理日期 受理时间 立案日期 fileddate acceptedon",
    "decided_on": "决定日期 审批日期 批准日期",
    "noticed_on": "通知函收到日期 通知日期 通知函日期 收到通知日期 noticedate",
    "assigned_on": "指派日期 指派时间 assignedon",
    "named_on": "确定承办人日期 指定承办人日期 安排承办人日期 承办人确定日期",
    "engaged_on": "签委托协议日期 委托协议日期 委托日期 签订委托协议日期 签约日期",
    "met_on": "首次会见日期 会见日期 会见时间",
    "files_read_on": "阅卷日期 阅卷时间",
    "hearing_on": "开庭日期 开庭时间 庭审日期 hearingdate",
    "closed_on": "结案日期 结案时间 办结日期 办结时间 closedon closingdate disposeddate",
    "closing_paper_on": "结案文书收到日期 结案文书日期 收到结案文书日期 裁判文书收到日期 判决书收到日期",
    "submitted_on": "交卷日期 提交日期 报送日期",
    "archived_on": "归档日期 归档时间 archivedon",
    "closing_method": "结案方式 closingmethod",
    "effect": "办案效果 援助效果 案件结果 effect",
    "opinion_adopted": "意见采纳 意见采纳情况 采纳情况",
    "hearing_held": "是否开庭 hearingheld",
    "loss_recovered": "挽回损失 挽回损失金额 挽回或避免损失 取得利益",
    "subsidy": "补贴金额 补贴 办案补贴 subsidy",
    "subsidy_on": "补贴发放日期 补贴日期",
}

_OPENING = str.maketrans("（", "(")
_JOINS = str.maketrans("", "", " \t\r\n　_-*：:()（）")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A word as it is compared: width, case, spaces and joining signs don't count."""
    return unicodedata.normalize("NFKC", text).lower().translate(_JOINS)


def _words() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for field, codes in ENUMS.items():
        table[field] = {folded(code): str(code) for code in codes}
        for code, spoken in _SPOKEN[field].items():
            table[field].update((folded(word), code) for word in spoken.split())
    return table


WORDS = _words()


def _headings() -> dict[str, str]:
    known = {folded(field.name): field.name for field in FIELDS}
    known |= {folded(field.label): field.name for field in FIELDS}
    for name, spoken in _HEADINGS.items():
        known.update((folded(word), name) for word in spoken.split())
    return known


_KNOWN_HEADINGS = _headings()


def field_of_heading(heading: str) -> str | None:
    """The field that a heading names (`institution` and `institution_code` among them), or None."""
    known = folded(heading)
    if known in _KNOWN_HEADINGS:
        return _KNOWN_HEADINGS[known]
    bare = folded(heading.translate(_OPENING).partition("(")[0])  # 补贴金额（元）
    return _KNOWN_HEADINGS.get(bare)
