"""Run the installed script as a person would, from a folder that isn't the project's."""

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from qualityeval.cli import main
from qualityeval.database import db

SCRIPT = Path(sys.executable).with_name("qualityeval")
LIMIT_SECONDS = 90


def environment(home, **more):
    """A clean environment that names the instance folder; English, so that texts can be compared."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUALITYEVAL_")}
    return {**kept, "QUALITYEVAL_HOME": str(home), "QUALITYEVAL_LANG": "zh", **more}


def run(*arguments, env, cwd, code=0):
    """The script's answer; fails with what it said where the exit code is another."""
    answer = subprocess.run(
        [SCRIPT, *map(str, arguments)],
        check=False,
        env=dict(env),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    assert answer.returncode == code, f"{arguments}: {answer.returncode}\n{answer.stdout}\n{answer.stderr}"
    return answer


def run_json(*arguments, env, cwd, code=0):
    """The one JSON object that the script printed, and nothing else on standard output."""
    return json.loads(run(*arguments, "--json", env=env, cwd=cwd, code=code).stdout)


def call(*arguments, env, code=0):
    """The same within this process, for tests that aren't about the script itself: a tenth of the time."""
    answer = CliRunner().invoke(main, [*map(str, arguments)], env=dict(env), catch_exceptions=False)
    for engines in list(db._app_engines.values()):  # the verb's own application lets go of its connections
        for engine in engines.values():
            engine.dispose()
    assert answer.exit_code == code, f"{arguments}: {answer.exit_code}\n{answer.stdout}\n{answer.stderr}"
    return answer


def call_json(*arguments, env, code=0):
    """The one JSON object that a verb says within this process."""
    return json.loads(call(*arguments, "--json", env=env, code=code).stdout)


def say(app, command, *arguments, code=0):
    """The object that a verb of the test's own application prints with `--json`: nothing is started anew."""
    return json.loads(_said(app, command, [*map(str, arguments), "--json"], code).stdout)


def say_plainly(app, command, *arguments, code=0):
    """What a person reads there: the result, or the refusal on standard error."""
    answer = _said(app, command, [*map(str, arguments)], code)
    return answer.stderr if code else answer.stdout


def _said(app, command, arguments, code):
    db.session.rollback()
    answer = app.test_cli_runner().invoke(
        command, arguments, env={"QUALITYEVAL_LANG": "zh"}, catch_exceptions=False
    )
    assert answer.exit_code == code, f"{arguments}: {answer.exit_code}\n{answer.output}"
    return answer
