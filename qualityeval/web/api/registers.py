"""Registers in: one file, read by the mapping that the institution keeps, all or nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask_smorest.fields import Upload

from qualityeval import clock
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.api_access import ApiScope
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping import Mapping, parse_mapping
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.services.case_import import ImportOptions, import_cases
from qualityeval.web.api import bp
from qualityeval.web.api.door import scoped
from qualityeval.web.guards import acting, now
from qualityeval.web.register_outcome import as_result


class Sent(ma.Schema):
    """The register itself."""

    file = Upload(required=True, metadata={"description": "CSV, xlsx or xls"})


class Chosen(ma.Schema):
    """The choices of `qualityeval import cases`."""

    mapping = ma.fields.String(
        load_default="", metadata={"description": "mapping as YAML; empty: the one kept with the institution"}
    )
    update = ma.fields.Boolean(load_default=False)
    blank = ma.fields.Boolean(load_default=False)
    skip_rejected = ma.fields.Boolean(load_default=False)
    dry_run = ma.fields.Boolean(load_default=False)
    under = ma.fields.String(load_default="")
    create_institutions = ma.fields.Boolean(load_default=False)


@bp.route("/registers", methods=["POST"])
@scoped(ApiScope.REGISTERS)
@bp.arguments(Sent, location="files")
@bp.arguments(Chosen, location="form")
@bp.response(200, ma.Schema(), description="The keys of `qualityeval import cases --json`")
@bp.doc(summary="Bring a register of closed cases in, or try it with dry_run")
def bring(sent: dict[str, Any], chosen: dict[str, Any]) -> Response:
    """With one rejected row nothing is stored and the answer is 422, unless `skip_rejected`."""
    mapping, options = _mapping(chosen.pop("mapping")), ImportOptions(**chosen)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register"
        sent["file"].save(path)
        outcome = _import(path, sent["file"].filename or "register", mapping, options)
    answer = jsonify(as_result(outcome))
    if outcome.is_refused and not options.skip_rejected:
        answer.status_code = 422
    return answer


def _mapping(text: str) -> Mapping:
    own = db.session.get(Institution, acting().institution_id) if acting().institution_id else None
    kept = text or (own.mapping if own is not None else "") or ""
    if not kept:
        raise InvalidInput(
            "mapping.none",
            msg("本机构还没有保存列对应：请先在“导入台账”里保存，或随文件送来。"),
            where="mapping",
        )
    return parse_mapping(load_text(kept))


def _import(path: Path, name: str, mapping: Mapping, options: ImportOptions) -> Any:
    def work() -> Any:
        return import_cases(
            actor=acting(), path=path, name=name, mapping=mapping, options=options, now=now(),
            today=clock.office_today(),
        )  # fmt: skip

    if options.dry_run:
        return work()
    db.session.rollback()
    with transaction():
        return work()
