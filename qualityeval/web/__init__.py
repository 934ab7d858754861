"""The pages: every blueprint, and what all of them share."""

from flask import Flask


def register_pages(app: Flask) -> None:
    """Put the pages on the application. Loaded here: a verb of the command line shouldn't wait for pages."""
    from qualityeval.web import assets, errors, headers, manual, odd_text, sessions, styleguide, templating
    from qualityeval.web.account import bp as account
    from qualityeval.web.admin import bp as admin
    from qualityeval.web.api import register_api
    from qualityeval.web.assignments import bp as assignments
    from qualityeval.web.call_in import bp as call_in
    from qualityeval.web.callbacks import bp as callbacks
    from qualityeval.web.case_files import bp as case_files
    from qualityeval.web.cases import bp as cases
    from qualityeval.web.coverage import bp as coverage
    from qualityeval.web.experts import bp as experts
    from qualityeval.web.follow_ups import bp as follow_ups
    from qualityeval.web.jobs import bp as jobs
    from qualityeval.web.objections import bp as objections
    from qualityeval.web.observations import bp as observations
    from qualityeval.web.opinions import bp as opinions
    from qualityeval.web.practitioners import bp as practitioners
    from qualityeval.web.recipients import bp as recipients
    from qualityeval.web.results import bp as results
    from qualityeval.web.rounds import bp as rounds
    from qualityeval.web.sampling import bp as sampling
    from qualityeval.web.scoring import bp as scoring
    from qualityeval.web.todo import bp as todo
    from qualityeval.web.verify import bp as verify

    headers.register_headers(app)
    sessions.register_sessions(app)
    odd_text.register_odd_text(app)
    errors.register_errors(app)
    templating.register_templating(app)
    shared = (assets.bp, manual.bp, styleguide.bp)
    for blueprint in (
        *shared, account, todo, admin, assignments, case_files, cases, experts, jobs, results, rounds, sampling, scoring,
        call_in, callbacks, coverage, follow_ups, objections, observations, opinions, practitioners, recipients, verify,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    register_api(app)
