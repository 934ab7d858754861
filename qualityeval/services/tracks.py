"""What happens to a round happens to its track of targeted files."""

from qualityeval.database import db
from qualityeval.models import Round
from qualityeval.queries import targeted as queries


def of(round_: Round) -> tuple[Round, ...]:
    """The round's track, where there is one."""
    track = queries.track_of(round_)
    return () if track is None else (track,)


def follow(round_: Round) -> None:
    """The track goes where its round goes, so that the desk can't tell them apart by what may still be done."""
    track = queries.track_of(round_)
    if track is not None:
        track.state, track.notified_at, track.released_at = (
            round_.state,
            round_.notified_at,
            round_.released_at,
        )
        track.withdrawn_at, track.withdrawn_because = round_.withdrawn_at, round_.withdrawn_because
        db.session.flush()
