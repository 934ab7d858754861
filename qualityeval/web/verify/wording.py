"""The sentences that the browser's verification puts into the page; its code knows them by these names."""

from flask_babel import gettext as _


def sentences() -> dict[str, str]:
    """Every sentence by its code, in the reader's language, with %(name)s where something goes in."""
    return {**_checks(), **_faults(), **_frame_faults(), **_verdicts(), **_progress(), **_places()}


def _checks() -> dict[str, str]:
    return {
        "certificate.ok": _("证书完整，版本 1"),
        "plan_digest.ok": _("由方案原文重算，与证书一致"),
        "plan.ok": _("写法符合规定，共 %(strata)s 层"),
        "rates.ok": _("各层应抽件数由方案的抽取率和上下限重算一致"),
        "rates.absent": _("方案原文没有写抽取率，应抽件数以公布的为准"),
        "frame.ok": _("共 %(size)s 件，写法符合规定"),
        "frame.sorted": _("共 %(size)s 件；行序与公布的不同，按案件排序后核对"),
        "frame_digest.ok": _("由文件重算，与证书和方案一致"),
        "secret.ok": _("公开后的密钥与方案里的承诺一致"),
        "seed.ok": _("由方案摘要、密钥和公开值重算一致"),
        "sizes.ok": _("抽样框、方案和证书一致，共抽 %(n)s 件"),
        "tickets.ok": _("重算 %(size)s 个抽签号，各层抽中的和末位抽签号一致"),
        "earlier_rounds.ok": _("列出抽过其中半数以上案件的批次 %(count)s 个，记录未被改动"),
        "waiting": _("等抽样框文件公开后才能核验"),
        "unknown": _("前面的核验没有通过，这一项无从核对"),
    }


def _faults() -> dict[str, str]:
    return {
        "certificate.form": _("证书不是完整的 JSON 文件"),
        "certificate.key": _("证书里的 %(key)s 缺失、多余或写法不对"),
        "certificate.version": _("证书的版本不是 1"),
        "certificate.layout": _("证书的空白或转义写法被改动过"),
        "plan_digest.differs": _("方案原文的摘要是 %(found)s，与证书不符"),
        "plan.form": _("方案原文不是规定的写法，可能被改动过"),
        "plan.key": _("方案原文里的 %(key)s 缺失或写法不对"),
        "rates.form": _("方案里的抽取率 %(rate)s 写法不对"),
        "rates.differ": _("“%(label)s”层按抽取率应抽 %(due)s 件，方案写的是 %(n)s 件"),
        "rates.total": _("方案写明共抽 %(due)s 件，各层相加是 %(n)s 件"),
        "frame_digest.differs": _("文件的摘要是 %(found)s，与证书或方案不符"),
        "secret.differs": _("密钥的摘要是 %(found)s，不是方案里承诺的那一个"),
        "seed.differs": _("算出的种子是 %(found)s，与证书不符"),
        "sizes.differ": _("“%(label)s”层的件数在抽样框、方案和证书里不一致"),
        "tickets.differ": _("“%(label)s”层的末位抽签号与证书不符"),
        "earlier_rounds.differ": _("以往批次“%(round)s”的记录被改动过"),
    }


def _frame_faults() -> dict[str, str]:
    return {
        "frame.encoding": _("抽样框文件不是 UTF-8 编码"),
        "frame.header": _("抽样框文件第 1 行应是 case_key,stratum，行尾只有换行符（LF）"),
        "frame.cut": _("抽样框文件末行没有行尾：可能没有下载完整"),
        "frame.empty": _("抽样框文件里一件案件也没有"),
        "frame.line": _("抽样框文件第 %(line)s 行不是“案件,层”两栏"),
        "frame.form": _("抽样框文件第 %(line)s 行的引号或字符写法不符合规定"),
        "frame.twice": _("案件“%(key)s”在抽样框文件里出现了两次"),
    }


def _verdicts() -> dict[str, str]:
    return {
        "verdict.busy": _("正在重算"),
        "verdict.fetching": _("正在取证书和抽样框文件……"),
        "verdict.ok": _("全部相符"),
        "verdict.ok.text": _("%(right)s 项核验通过 · 用时 %(seconds)s 秒"),
        "verdict.bad": _("有 %(wrong)s 项不符"),
        "verdict.bad.text": _("请保留两份文件和这一页，联系开批次的机构。"),
        "verdict.wait": _("%(right)s 项相符"),
        "verdict.wait.text": _("其余 %(open)s 项等抽样框文件公开后才能核验。"),
        "verdict.large": _("等您开始"),
        "verdict.large.text": _(
            "抽样框有 %(size)s 件，文件较大。按“重新计算”就取文件并重算；也可以用离线核验程序。"
        ),
        "verdict.none": _("没有取到文件"),
        "verdict.none.text": _("请检查网络后按“重新计算”，或者下载文件用离线核验程序。"),
        "cross.ok": _("浏览器自带的 SHA-256 对两份文件算出同样的摘要。"),
        "cross.differs": _("浏览器自带的 SHA-256 与本页的结果不同：请换一个浏览器，或者用离线核验程序。"),
        "cross.none": _("这个浏览器在明文连接下不提供自带的 SHA-256；本页用自己的程序计算，不需要它。"),
    }


def _progress() -> dict[str, str]:
    return {
        "progress.frame": _("读抽样框：%(done)s / %(of)s 件"),
        "progress.tickets": _("算抽签号：%(done)s / %(of)s 件"),
    }


def _places() -> dict[str, str]:
    return {
        "place": _("第 %(place)s 小，共 %(N)s 件，前 %(n)s 件抽中"),
        "place.none": _("抽样框里没有这个案件键。依法封存的案件不写案号，只有承办机构能查。"),
    }
