"""Set-up on machines that lack something: it says what, and what to do about it."""

import shutil
import subprocess

import pytest

from tests.structure.sources import ROOT

NEW, OLD = "exit 0", "exit 1"


@pytest.fixture
def machine(tmp_path):
    """A machine on which only the programs given exist; each is a line of shell."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "rm", "head", "make", "find", "env", "mkdir", "touch", "test"):
        (folder / tool).symlink_to(shutil.which(tool))

    def build(**programs):
        for name, line in programs.items():
            path = folder / name.replace("_", "-")
            path.write_text(f"#!{shutil.which('sh')}\n{line}\n", encoding="utf-8")
            path.chmod(0o755)
        return {"PATH": str(folder), "HOME": str(tmp_path)}

    return build


def run(script, *arguments, env, cwd=ROOT):
    command = [shutil.which("sh"), str(ROOT / "tools" / script), *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_first_python_that_is_new_enough_is_taken(machine):
    env = machine(python3=OLD, **{"python3.12": NEW})
    assert run("find_python.sh", env=env).stdout.strip().endswith("/python3.12")


def test_the_python_that_was_named_goes_first(machine):
    env = machine(python3=NEW, mine=NEW)
    assert run("find_python.sh", env={**env, "PYTHON": "mine"}).stdout.strip().endswith("/mine")


def test_no_python_is_said_plainly(machine, tmp_path):
    env = machine(python3=OLD)
    assert run("find_python.sh", env=env).stdout == ""
    answer = run("environment.sh", "", env=env, cwd=tmp_path)
    assert answer.returncode == 1
    assert "Python 3.11 or newer is needed" in answer.stderr


def test_a_python_without_venv_is_said_plainly(machine, tmp_path):
    env = machine(python3="exit 1", id="echo 1000")
    answer = run("environment.sh", "python3", env=env, cwd=tmp_path)
    assert answer.returncode == 1
    assert "apt-get install python3-venv" in answer.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({"chromium": NEW, "fc_list": "echo Noto"}, ""),
        (
            {"id": "echo 1000", "fc_list": "echo Noto"},
            "Browser tests will be skipped: no chromium.",
        ),
        (
            {"id": "echo 0", "fc_list": ":", "chromium": NEW, "apt_get": "exit 100"},
            "could not provide: fonts-noto-cjk",
        ),
        ({"id": "echo 0"}, "Browser tests will be skipped: no chromium fontconfig fonts-noto-cjk"),
    ],
)
def test_a_missing_browser_stops_nothing(machine, tmp_path, programs, said):
    answer = run("browser.sh", env=machine(**programs), cwd=tmp_path)
    assert answer.returncode == 0
    assert said in answer.stderr
    assert bool(said) == bool(answer.stderr)


def test_the_browser_comes_from_debian_where_root(machine, tmp_path):
    env = machine(id="echo 0", fc_list="echo Noto", apt_get=f'echo "$@" >> {tmp_path}/asked')
    assert run("browser.sh", env=env, cwd=tmp_path).stderr == ""
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines()[-1].endswith("chromium")


@pytest.mark.parametrize(("node", "own"), [("exit 0", False), ("exit 1", True)])
def test_an_old_node_is_replaced_by_the_one_from_pypi(machine, tmp_path, node, own):
    """The stub of Node answers the question of its age; .node stands for the package already there."""
    env = machine(node=node, npm="echo system")
    (tmp_path / ".node" / "bin").mkdir(parents=True)
    (tmp_path / ".node" / "bin" / "npm").write_text(f"#!{shutil.which('sh')}\necho pypi\n", encoding="utf-8")
    (tmp_path / ".node" / "bin" / "npm").chmod(0o755)
    answer = run("node.sh", "npm", env=env, cwd=tmp_path)
    assert answer.stdout.strip() == ("pypi" if own else "system")
