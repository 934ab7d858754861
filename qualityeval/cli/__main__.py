"""`python -m qualityeval.cli`: the same as the script, for processes that start each other."""

from qualityeval.cli import main

main(prog_name="qualityeval")
