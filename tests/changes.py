"""One value changed for another: what a forger does, at random."""

import json


def leaves(node, path=()):
    """Every place of a JSON value that holds no other value."""
    if isinstance(node, dict):
        for key in node:
            yield from leaves(node[key], (*path, key))
    elif isinstance(node, list) and node:
        for number, inner in enumerate(node):
            yield from leaves(inner, (*path, number))
    else:
        yield path


def changed_leaf(written, dice):
    """The same JSON text with one value changed, written as before; a plan inside is looked into."""
    whole = json.loads(written)
    node, path = whole, dice.choice([*leaves(whole)])
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = (
        changed_leaf(node[path[-1]], dice) if path == ("plan",) else changed(node[path[-1]], dice)
    )
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def changed(value, dice):
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + dice.choice([-1, 1, 7])
    if isinstance(value, str) and value:
        at = dice.randrange(len(value))
        other = dice.choice([one for one in "0123456789abcdef" if one != value[at]])
        return value[:at] + other + value[at + 1 :]
    return "0"
