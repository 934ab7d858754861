"""Small registers written to files, and their import, for several tests."""

from pathlib import Path

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.mapping import parse_mapping
from qualityeval.database import transaction
from qualityeval.services.case_import import ImportOptions, import_cases
from tests.factories import NOW

TODAY = NOW.date()
HEADER = "案号,机构代码,机构,类型,方式,受援人,身份证,电话,案由,律所,律师,执业证,结案,补贴,备注"
MAPPING = """columns:
  number: 案号
  institution: {code: 机构代码, name: 机构}
  case_type: 类型
  aid_form: 方式
  recipient_name: 受援人
  recipient_id_number: 身份证
  recipient_phone: 电话
  cause: 案由
  provider: 律所
  practitioner: 律师
  practitioner_licence: 执业证
  closed_on: {column: 结案, default: 2026-12-31}
  subsidy: 补贴
extra: [备注]
"""
ID, PHONE = "11010519491231002X", "13800138000"  # the ID is the worked example of GB 11643-1999


def line(number, place="330102", **cells):
    """One line of a register; every cell has a sensible default."""
    filled = {
        "name": "上城区法律援助中心", "kind": "刑事", "form": "刑事辩护", "recipient": "王小明", "id": "", "phone": "",
        "cause": "盗窃罪", "firm": "重庆某某律师事务所", "lawyer": "单田芳", "licence": "", "closed": "2026-06-01",
        "subsidy": "", "note": "",
    } | cells  # fmt: skip
    return ",".join([number, place, *filled.values()])


def write(folder, *lines, name="register.csv"):
    path = Path(folder) / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def bring(actor, path, *, mapping=MAPPING, now=NOW, **options):
    """Import as a door does: in a transaction of its own."""
    with transaction():
        return import_cases(
            actor=actor, path=path, name=path.name, mapping=parse_mapping(load_text(mapping)),
            options=ImportOptions(**options), now=now, today=TODAY,
        )  # fmt: skip
