"""Papers of cases and beside matters, tickets and model cases: makers for the matrix of foreign objects."""

from qualityeval.authz.actor import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import FollowUp, Institution
from qualityeval.services import case_files, proofs
from tests.channel_rows import create_follow_up
from tests.factories import NOW, create_case
from tests.papers import scan


def papers_of(*places: Institution) -> list[str]:
    """A filed paper in a case of each place."""
    made = []
    for place in places:
        case = create_case(institution=place)
        with transaction():
            paper = case_files.NewPaper("x.png", scan(size=(60, 80), form="PNG"), "judgment")
            made.append(case_files.add_paper(actor=COMMAND_LINE, case=case, paper=paper, now=NOW).public_id)
    return made


def follow_ups_of(*places: Institution) -> list[str]:
    """A request for papers to each place."""
    return [create_follow_up(case=create_case(institution=place)).public_id for place in places]


def proof_of(row: FollowUp) -> str:
    """A paper beside a ticket."""
    with transaction():
        matter = db.session.get_one(FollowUp, row.id)
        paper = proofs.NewProof("x.png", scan(size=(60, 80), form="PNG"))
        return proofs.add_proofs(actor=COMMAND_LINE, matter=matter, papers=[paper], now=NOW)[0].public_id


def proofs_of(*places: Institution) -> list[str]:
    """A paper beside a request to each place."""
    return [proof_of(create_follow_up(case=create_case(institution=place))) for place in places]
