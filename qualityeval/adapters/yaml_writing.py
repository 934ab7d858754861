"""YAML as people write it: keys in the given order, text without needless quotes."""

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Everything is text but true, false and null, as `yaml_text.load_text` reads it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)


_Dumper.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}
    ]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def dump_text(value: Any) -> str:
    """A mapping of text, lists and mappings as block YAML; `load_text` gives the same value back."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
