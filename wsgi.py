"""The application for a WSGI server: `waitress-serve wsgi:app`."""

from config import from_environment
from qualityeval.app import create_app

app = create_app(from_environment().mapping())
