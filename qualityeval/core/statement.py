"""A practitioner's statement (陈述申辩) about the result of an own case, and the answer to it.

check_words(text, where) -> str      trimmed; refuses nothing and more than 4,000 characters
"""

from qualityeval.core.errors import InvalidInput, msg

LONGEST = 4_000


def check_words(text: str, where: str) -> str:
    """What was written, without blanks around. `InvalidInput` names the field where it is empty or too long."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise InvalidInput("statement.empty", msg("请写明您的意见。"), where=where)
    if len(kept) > LONGEST:
        raise InvalidInput("statement.long", msg("最多写 %(most)s 个字。"), where=where, most=LONGEST)
    return kept
