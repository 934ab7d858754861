"""Words of the process checks: the twenty obligations, what came of one, why one can't be computed."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

STEPS: Mapping[str, Label] = {
    "decide": Label("审查申请", "Application decided"),
    "assign": Label("作出决定后指派", "Assigned after the decision"),
    "notice": Label("通知辩护的指派", "Assigned after the organ's notice"),
    "name": Label("承办单位指定承办人", "Practitioner named by the provider"),
    "engage": Label("签委托协议", "Engagement signed"),
    "inform": Label("告知承办人姓名和联系方式", "Recipient told the practitioner's name"),
    "begin": Label("开始办理", "Work begun"),
    "meet": Label("开庭前会见（约见）并有笔录", "Meeting with a note before the hearing"),
    "detention": Label("看守所四十八小时内安排会见", "Meeting in detention within 48 hours"),
    "qualified": Label("承办人符合条件", "Practitioner qualified"),
    "read": Label("阅卷", "Case file read"),
    "opinion": Label("书面辩护、代理意见", "Written argument or opinion"),
    "attend": Label("出庭", "Hearing attended"),
    "report": Label("报告和通报", "Reports made"),
    "hand_in": Label("结案后交卷", "Closing papers handed in"),
    "pay": Label("审核后发放补贴", "Subsidy paid"),
    "closing": Label("结案日期与文书一致", "Closing date agrees with its document"),
    "favours": Label("没有收受财物", "No money taken"),
    "observed": Label("庭审旁听", "Hearings observed"),
    "catalogue": Label("电子卷按目录齐全", "File complete by the catalogue"),
}
OUTCOMES: Mapping[str, Label] = {
    "holds": Label("符合", "Holds"),
    "broken": Label("不符合", "Broken"),
    "not_computable": Label("算不出", "Not computable"),
}
REASONS: Mapping[str, Label] = {
    "no_date": Label("缺日期", "A date is missing"),
    "no_limit": Label("本地区没有规定期限", "No limit in this region"),
    "order": Label("日期前后颠倒，请核对", "The dates are in the wrong order"),
    "no_papers": Label("系统里没有这件的材料", "No papers of this case are stored"),
    "no_proof": Label("卷内没有这类材料", "No such paper in the file"),
    "occasion": Label("卷内没有记录，也可能没有需要报告的情形", "No record; there may have been no occasion"),
    "not_heard": Label("没有开庭或者没有登记", "No hearing, or none recorded"),
    "kind": Label("这类案件不适用", "Doesn't apply to this kind of case"),
    "call_log": Label("台账没有通话和短信记录", "The register holds no call log"),
    "request_time": Label("台账没有会见申请的时刻", "The register holds no time of request"),
    "qualification": Label("台账没有承办人的执业年限", "The register holds no years of practice"),
    "callback": Label("见回访记录", "See the callback"),
    "institution": Label("按机构全年计算，见覆盖率", "Counted by institution and year: see coverage"),
}
# the checks that an item of a rubric may name
CHECKS: Mapping[str, Label] = {
    **STEPS,
    "begin/met_on": Label("开始办理（以会见日期为准）", "Work begun (by the day of the meeting)"),
    "begin/files_read_on": Label("开始办理（以阅卷日期为准）", "Work begun (by the day the file was read)"),
}
DAYS = Label("%s日", "%s days")
WORKING_DAYS = Label("%s个工作日", "%s working days")
UNTIL = Label("不晚于", "No later than")
