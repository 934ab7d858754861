"""Pages of a paper, for those who keep it."""

from tests import papers
from tests.web.case_files.keeping import Keeping


def test_pages_are_pictures_and_end_where_the_paper_ends(app, session):
    keeping = Keeping(app)
    keeping.add(papers.scan(form="TIFF", mode="1", compression="group4"), name="s.tif")
    path = f"/papers/{keeping.papers[0].public_id}/page"
    answer = keeping.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert keeping.client.get(f"{path}?n=2").status_code == 404
