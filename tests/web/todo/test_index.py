"""我的待办: each sees the own work, the most pressing first, and nothing of others."""

from qualityeval.core.codes import Role
from tests import factories
from tests.services import stories
from tests.web.signed_in import browser_of


def text_of(app, account) -> str:
    return browser_of(app, account).get("/").get_data(as_text=True)


def test_a_manager_sees_the_draft_of_the_own_body_and_its_page(app, session) -> None:
    place = factories.create_institution()
    round_ = factories.create_round(institution=place)
    factories.create_round(institution=factories.create_institution(), code="FOREIGN")
    text = text_of(app, factories.create_account(role=Role.MANAGER, institution=place))
    assert round_.title in text
    assert f"/rounds/{round_.public_id}" in text
    assert "FOREIGN" not in text


def test_who_has_typed_waits_for_the_other(app, session) -> None:
    root, _ = stories.bureau()
    accounts = [factories.create_account(role=Role.MANAGER, institution=root) for _ in range(2)]
    first = stories.actor_of(accounts[0])
    round_ = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, round_, "314")
    mine, other = (text_of(app, account) for account in accounts)
    assert "录入公开种子" not in mine
    assert "录入公开种子" in other


def test_an_expert_sees_how_many_files_wait(app, session) -> None:
    place = factories.create_institution()
    expert = factories.create_expert(code="E1")
    for number in range(3):
        factories.create_assignment(
            expert=expert, case=factories.create_case(institution=place),
            round_=factories.create_round(institution=place, state="scoring", code=f"R-{number}"),
        )  # fmt: skip
    text = text_of(app, factories.create_account(role=Role.EXPERT, expert_code="E1"))
    assert "给派来的案卷评分" in text
    assert ">3<" in text


def test_who_has_nothing_to_do_is_told_so_in_both_languages(app, session) -> None:
    browser = browser_of(
        app, factories.create_account(role=Role.VIEWER, institution=factories.create_institution())
    )
    assert "现在没有要办的事" in browser.get("/").get_data(as_text=True)
    browser.post("/language", data={"locale": "en"})
    assert "Nothing waits for you" in browser.get("/").get_data(as_text=True)


def test_who_has_nothing_to_do_is_led_to_what_the_role_is_about(app, session) -> None:
    place = factories.create_institution()
    pages = {
        Role.VIEWER: "/results", Role.LIAISON: "/grades", Role.SYSTEM: "/admin/accounts",
        Role.SECURITY: "/admin/roles", Role.AUDIT: "/admin/audit",
    }  # fmt: skip
    for role, page in pages.items():
        text = text_of(app, factories.create_account(role=role, institution=place))
        assert f'<a class="btn btn-quiet" href="{page}' in text, role


def test_a_visitor_is_asked_to_sign_in(app) -> None:
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/")
