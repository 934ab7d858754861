"""The headers that every response carries."""

from flask import Flask, Response, current_app, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
CACHEABLE = frozenset({200, 206, 304})


def add_headers(response: Response) -> Response:
    """Strict by default; only built assets may be cached, since their names hold their hash."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "assets.file" and response.status_code in CACHEABLE:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.vary.add("Cookie")
    return response


def register_headers(app: Flask) -> None:
    """On every response, error pages too."""
    app.after_request(add_headers)
