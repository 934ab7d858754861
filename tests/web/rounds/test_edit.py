"""Changing a draft: by form or YAML, never over somebody else's text, never after the freeze."""

import re

from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.services import rounds
from tests.factories import NOW
from tests.services import stories
from tests.web.clients import client_of, text_of


def world(app):
    root, _counties = stories.bureau()
    first, second = stories.managers(root)
    return root, first, second, stories.draft(first, stories.spec(root.code))


def version_on(page):
    tag = re.search(r'<input[^>]*name="version"[^>]*>', text_of(page)).group(0)
    return re.search(r'value="(\d+)"', tag).group(1)


def test_a_simple_round_opens_as_a_form(app, session):
    _root, first, _second, made = world(app)
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/edit"))
    assert 'value="27.7%"' in page
    assert re.search(r'name="code"[^>]*readonly|readonly[^>]*name="code"', page)


def test_yaml_is_there_on_request(app, session):
    _root, first, _second, made = world(app)
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/edit?as=yaml"))
    assert "default: 27.7%" in page


def test_saved_text_replaces_the_old(app, session):
    root, first, _second, made = world(app)
    client, path = client_of(app, first), f"/rounds/{made.public_id}/edit"
    version = version_on(client.get(path + "?as=yaml"))
    text = stories.spec(root.code).replace("27.7%", "30%")
    answer = client.post(path, data={"spec": text, "version": version})
    assert answer.status_code == 302
    assert queries.by_code_for(first, "R2026").spec == text


def test_two_at_once_both_texts_are_shown_and_neither_is_lost(app, session):
    root, first, second, made = world(app)
    mine, path = client_of(app, first), f"/rounds/{made.public_id}/edit"
    version = version_on(mine.get(path + "?as=yaml"))
    theirs = stories.spec(root.code).replace("27.7%", "30%")
    with transaction():
        round_ = queries.by_code_for(second, "R2026")
        rounds.update_spec(
            actor=second, round_=round_, spec_text=theirs, seen_version=round_.version, now=NOW
        )
    my_text = stories.spec(root.code).replace("27.7%", "44%")
    page = mine.post(path, data={"spec": my_text, "version": version})
    assert page.status_code == 409
    assert "default: 30%" in text_of(page)
    assert "default: 44%" in text_of(page)
    assert queries.by_code_for(first, "R2026").spec == theirs
    # knowingly, over the version that the page showed
    again = mine.post(path, data={"spec": my_text, "version": version_on(page)})
    assert again.status_code == 302
    assert queries.by_code_for(first, "R2026").spec == my_text


def test_a_forged_version_is_stale(app, session):
    root, first, _second, made = world(app)
    text = stories.spec(root.code).replace("27.7%", "30%")
    for version in ("", "x", "999"):
        answer = client_of(app, first).post(
            f"/rounds/{made.public_id}/edit", data={"spec": text, "version": version}
        )
        assert answer.status_code == 409
    assert "27.7%" in queries.by_code_for(first, "R2026").spec


def test_a_frozen_round_has_no_page_for_it_and_keeps_what_was_typed(app, session):
    root, first, _second, made = world(app)
    version = version_on(client_of(app, first).get(f"/rounds/{made.public_id}/edit?as=yaml"))
    del version
    root_round = stories.frozen(first, stories.spec(root.code, code="R2027"))
    client, path = client_of(app, first), f"/rounds/{root_round.public_id}/edit"
    assert client.get(path).status_code == 409
    text = stories.spec(root.code, code="R2027").replace("27.7%", "31%")
    page = client.post(path, data={"spec": text, "version": str(root_round.version)})
    assert page.status_code == 422
    assert "31%" in text_of(page)
    assert "方案冻结后不能再改" in text_of(page)


def test_the_code_stays(app, session):
    root, first, _second, made = world(app)
    client, path = client_of(app, first), f"/rounds/{made.public_id}/edit"
    version = version_on(client.get(path + "?as=yaml"))
    page = client.post(path, data={"spec": stories.spec(root.code, code="OTHER"), "version": version})
    assert page.status_code == 422
    assert "批次代码和所属机构不能改" in text_of(page)
