"""`doctor`: is this installation sound? One line a check, with the remedy where it isn't."""

import importlib.util
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from qualityeval.adapters.gateway_file import read_gateways
from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.instance import newest_revision, schema_revision
from qualityeval.core.errors import InvalidInput
from qualityeval.database import db, instance_folder
from qualityeval.models import Account, Case, StoredFile
from qualityeval.queries.jobs import standing
from qualityeval.services import audit, jobs
from qualityeval.services.files import file_store
from qualityeval.services.tidying import orphan_names

PACKAGE = Path(__file__).resolve().parent.parent
LEAST_FREE = 2**30
STUCK = timedelta(minutes=5)
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
FONTS = "pylopdf_fonts_zh_cn"


@dataclass(frozen=True)
class Check:
    """One finding; `remedy` says what to do where it isn't ok."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def show(result: Result) -> None:
    """A line a check."""
    for check in result["checks"]:
        click.echo(f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']}: {check['detail']}")
        if not check["ok"]:
            click.echo(f"      {check['remedy']}")


@click.command("doctor")
@click.option("--quick", is_flag=True, help="look at the size of stored files, not at every byte")
@verb(show=show)
def doctor(*, actor: Actor, now: datetime, quick: bool) -> Result | Refused:
    """Check keys, database, files, audit log, queue, disk and what the pages are built from."""
    require(actor, Permission.SETTINGS_CHANGE)
    checks = list(_checks(now, quick=quick))
    result = {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}
    return result if result["ok"] else Refused(result)


def _checks(now: datetime, *, quick: bool) -> Iterator[Check]:
    yield _python()
    yield _keys()
    reachable = _schema()
    yield reachable
    yield _disk()
    yield _built()
    yield _fonts()
    yield _gateways()
    if not reachable.ok:
        return
    yield from _guarded("database", _engine)
    yield from _guarded("sealed fields", _sealed)
    yield from _guarded("files", lambda: _files(quick=quick))
    yield from _guarded("audit log", _audit)
    yield from _guarded("queue", lambda: _queue(now))


def _gateways() -> Check:
    try:
        present = read_gateways(instance_folder())
    except InvalidInput as refusal:
        return Check(
            "gateways", False, _(refusal.text, **refusal.params), _("请改正实例文件夹里的gateways.yaml。")
        )
    return Check("gateways", True, ", ".join(present.channels))


def _guarded(name: str, check: Callable[[], Check]) -> Iterator[Check]:
    """A check that stumbles is a finding, not a traceback."""
    try:
        yield check()
    except Exception as fault:  # noqa: BLE001
        db.session.rollback()
        yield Check(name, False, f"{type(fault).__name__}: {fault}", _("这一项检查没有做成，请看说明。"))


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", sys.version_info >= (3, 11), version, _("请用Python 3.11或更新的版本。"))


def _keys() -> Check:
    path = Path(current_app.config["HOME"]) / "keys.json"
    if not path.is_file():
        given = bool(os.environ.get("QUALITYEVAL_KEYS"))
        return Check("keys", given, "QUALITYEVAL_KEYS" if given else str(path), _("请从备份取回keys.json。"))
    mode = stat.S_IMODE(path.stat().st_mode)
    return Check("keys", not mode & 0o077, f"{path} {mode:03o}", _("keys.json只能由本账号读写：chmod 600。"))


def _schema() -> Check:
    try:
        present, wanted = schema_revision(), newest_revision()
    except SQLAlchemyError as fault:
        return Check(
            "schema",
            False,
            str(getattr(fault, "orig", fault)),
            _("数据库连不上，请检查它是否在运行、地址是否正确。"),
        )
    remedy = _("请先备份，再运行qualityeval init升级数据库。")
    return Check("schema", present == wanted, f"{present} (newest {wanted})", remedy)


def _engine() -> Check:
    if db.engine.dialect.name == "sqlite":
        found = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
        fault = db.session.execute(text("PRAGMA quick_check")).scalar()
        shown = ", ".join(f"{name}={value}" for name, value in found.items())
        ok = found == PRAGMAS and fault == "ok"
        return Check("database", ok, f"SQLite, {shown}, {fault}", _("数据库文件有问题，请从备份恢复。"))
    version = db.session.execute(text("SHOW server_version")).scalar()
    encoding = db.session.execute(text("SHOW server_encoding")).scalar()
    return Check(
        "database", encoding == "UTF8", f"PostgreSQL {version}, {encoding}", _("数据库编码要是UTF8，请重建。")
    )


def _sealed() -> Check:
    """Open one sealed value of each kind: foreign or lost keys show here before a user meets them."""
    remedy = _("密钥和数据库不是一套，请从备份取回原来的keys.json。")
    opened = 0
    for column in (Account.totp_secret, Case.recipient_id_number, Case.recipient_phone):
        try:
            opened += len(db.session.execute(select(column).where(column.is_not(None)).limit(1)).all())
        except Exception as fault:  # noqa: BLE001 -- whatever the cipher says, the keys don't fit
            return Check("sealed fields", False, f"{column}: {type(fault).__name__}", remedy)
    return Check("sealed fields", True, _("试读%(count)s项", count=opened))


def _files(*, quick: bool) -> Check:
    rows = list(db.session.execute(select(StoredFile)).scalars())
    wrong = [row.public_id for row in rows if not _is_whole(row, quick=quick)]
    orphans = len(orphan_names())
    detail = _("%(count)s个文件，%(wrong)s个缺失或不符，%(orphans)s个没有登记",
               count=len(rows), wrong=len(wrong), orphans=orphans)  # fmt: skip
    shown = f"{detail} {', '.join(wrong[:5])}".strip()
    return Check("files", not wrong, shown, _("请从备份取回这些文件。"))


def _is_whole(row: StoredFile, *, quick: bool) -> bool:
    store = file_store()
    try:
        if quick:
            return store.size(row.public_id) == row.size
        content = store.digest(row.public_id)
    except OSError:
        return False
    return (content.size, content.sha256) == (row.size, row.sha256)


def _audit() -> Check:
    verdict = audit.verify()
    detail = f"{verdict.events} events, head {verdict.head[:16]}"
    if not verdict.ok:
        detail += f", first bad {verdict.first_bad}"
    return Check("audit log", verdict.ok, detail, _("审计日志被改过或不完整，请保留现场并通知审计管理员。"))


def _queue(now: datetime) -> Check:
    waiting, carried = standing(), jobs.queue().waiting()
    stuck = waiting.oldest_queued is not None and now - waiting.oldest_queued > STUCK
    detail = f"{waiting.queued} queued, {waiting.running} running, {carried} carried"
    return Check("queue", not stuck, detail, _("任务等了5分钟以上，后台进程没有运行。请启动serve或worker。"))


def _disk() -> Check:
    free = shutil.disk_usage(current_app.config["HOME"]).free
    return Check(
        "disk", free >= LEAST_FREE, f"{free / 2**30:.1f} GB free", _("磁盘空间不足1 GB，请清理或扩容。")
    )


def _built() -> Check:
    bundle = (PACKAGE / "static" / "dist" / "manifest.json").is_file()
    catalogue = (PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.mo").is_file()
    detail = f"bundle {'yes' if bundle else 'no'}, English {'yes' if catalogue else 'no'}"
    return Check("built", bundle and catalogue, detail, _("页面资源没有生成，请运行make setup。"))


def _fonts() -> Check:
    found = importlib.util.find_spec(FONTS) is not None
    return Check(
        "fonts", found, FONTS if found else "-", _("缺少中文字体包，PDF无法生成。请运行make setup。")
    )
