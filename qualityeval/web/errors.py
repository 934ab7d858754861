"""Error pages: what is wrong, what to do, a code; and the way back for what was typed."""

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, Stale, WrongState
from qualityeval.database import db
from qualityeval.web import carry
from qualityeval.web.guards import SignInNeeded, current_actor
from qualityeval.web.messages import words

STATUS: tuple[tuple[type[RuleViolation], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Stale, 409),
    (WrongState, 409),
    (InvalidInput, 422),
    (RuleViolation, 422),
)
# what a program needs beside the words: which methods a 405 takes, when a 429 may come again
KEPT_HEADERS = ("Allow", "Retry-After")


def _page(status: int, title: str, text: str, *, remedy: str = "", code: str = "") -> Response:
    back = url_for("todo.index") if current_actor() else url_for("account.sign_in")
    body = render_template(
        "errors/error.html", status=status, title=title, text=text, remedy=remedy, back_href=back, code=code
    )
    return make_response(body, status)


def refused(error: RuleViolation) -> Response:
    """A rule said no outside a form."""
    if error.code == "password.change_first":
        return make_response(redirect(url_for("account.password")))
    if error.code == "clearance.needed" and request.method == "GET":
        there = url_for("assignments.undertaking", public_id=(request.view_args or {})["public_id"])
        return make_response(redirect(there))
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    titles = {404: _("没有找到"), 403: _("没有权限"), 409: _("内容已变"), 422: _("没有办成")}
    return _page(status, titles[status], words(error), code=error.code)


def overtaken(error: StaleDataError) -> Response:
    """Two saved the same thing at the same moment: the second is told, not crashed."""
    del error
    db.session.rollback()
    return refused(Stale())


def sign_in_needed(error: SignInNeeded) -> Response:
    """Ask for sign-in and come back; a posted form is carried along."""
    del error
    if request.method in {"GET", "HEAD"}:
        return make_response(redirect(url_for("account.sign_in", next=request.full_path.rstrip("?"))))
    return make_response(carry.sign_in_page(), 401)


def csrf_failed(error: CSRFError) -> Response:
    """The form's token doesn't fit: show the filled form again, or ask for sign-in where it is needed."""
    del error
    view = current_app.view_functions.get(request.endpoint or "")
    if current_actor() is None and getattr(view, "permission", None) is not None:
        return make_response(carry.sign_in_page(), 401)
    return make_response(carry.again_page(), 400)


def foreign_host(error: SecurityError) -> Response:
    """A Host header that isn't ours: no page, since not a single address may be built from it."""
    del error
    text = _("这个地址不是本系统的。请使用单位公布的网址。")
    return Response(f"{text}\n", 400, content_type="text/plain; charset=utf-8")


def http_error(error: HTTPException) -> Response:
    """Werkzeug's own refusals, in our words."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    texts = {
        400: (_("请求有误"), _("浏览器发来的内容不完整。"), _("请返回上一页再试一次。")),
        404: (_("没有找到"), _("没有这个页面，或者您无权查看。"), _("请检查地址，或者从首页进入。")),
        405: (_("不支持这样打开"), _("这个地址不能这样打开。"), _("请从页面上的按钮进入。")),
        413: (_("文件太大"), _("上传的内容超过了64 MB。"), _("请把文件分成几份再上传。")),
        429: (_("太频繁"), _("短时间内请求太多。"), _("请等一分钟再试。")),
        500: (
            _("系统出错"),
            _("系统没有办成这件事，没有保存任何内容。"),
            _("请再试一次；仍不行请告诉系统管理员。"),
        ),
    }
    title, text, remedy = texts.get(
        status, (_("请求有误"), _("服务器不接受这个请求。"), _("请返回上一页再试一次。"))
    )
    page = _page(status, title, text, remedy=remedy, code=f"http.{status}")
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            page.headers[name] = value
    return page


def crashed(error: Exception) -> Response:
    """Anything unforeseen: rolled back, logged with its traceback, told in plain words.

    Never logged: a link's token, which is a key, and what a database says of a row, which is people's data.
    """
    db.session.rollback()
    cause: BaseException = error
    if isinstance(error, DBAPIError):
        cause = RuntimeError(f"{type(error).__name__} ({type(error.orig).__name__})").with_traceback(
            error.__traceback__
        )
    current_app.logger.error("unhandled error on %s %s", request.method, _place(), exc_info=cause)
    return http_error(HTTPException())


def _place() -> str:
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path


def register_errors(app: Flask) -> None:
    """Every way a request can fail has its page."""
    app.register_error_handler(RuleViolation, refused)
    app.register_error_handler(StaleDataError, overtaken)
    app.register_error_handler(SignInNeeded, sign_in_needed)
    app.register_error_handler(CSRFError, csrf_failed)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_error)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, crashed)
