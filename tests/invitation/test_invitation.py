"""HR invites a channel, never a person."""

from bot.people.sizes import size_words
from bot.sandbox.faults import Fault
from storage import notices
from tests.candor import HR, Candor


def open_form(candor: Candor) -> None:
    candor.sandbox.workspace.add_channel(id="C01", name="general", has_bot=True)
    candor.sandbox.workspace.add_channel(id="C02", name="elsewhere")
    hr = candor.sandbox.user(HR)
    hr.open_home()
    hr.press("invitation.open")


def test_hr_sees_a_preview_and_then_posts_to_the_chosen_channel(candor: Candor) -> None:
    open_form(candor)
    assert "This is what will be posted" in str(candor.top_modal(HR))
    candor.sandbox.user(HR).fill_and_submit(values={"channel": "C01"})
    (post,) = candor.sandbox.workspace.messages("C01")
    assert "Nothing is collected unless you opt in" in post.text
    assert not post.pings


def test_nobody_gets_a_direct_message_by_it(candor: Candor) -> None:
    for number in range(5):
        candor.join(f"U{number}")
    open_form(candor)
    before = len(candor.sandbox.workspace.log)
    candor.sandbox.user(HR).fill_and_submit(values={"channel": "C01"})
    assert [message.channel for message in candor.sandbox.workspace.log[before:]] == ["C01"]


def test_a_channel_the_bot_is_not_in_is_refused_with_the_mend(candor: Candor) -> None:
    open_form(candor)
    result = candor.sandbox.user(HR).fill_and_submit(values={"channel": "C02"})
    assert "/invite @Candor" in result.errors["channel"]


def test_whoever_reads_the_post_can_see_what_would_be_collected_and_opt_in_from_it(candor: Candor) -> None:
    candor.join("U01")
    open_form(candor)
    candor.sandbox.user(HR).fill_and_submit(values={"channel": "C01"})
    (post,) = candor.sandbox.workspace.messages("C01")
    user = candor.sandbox.user("U01")
    user.press("consent.collected", message=post)
    assert candor.top_modal("U01")["title"]["text"] == "What is collected"
    user.close_modal()
    user.press("consent.open", message=post)
    assert candor.top_modal("U01")["title"]["text"] == "Opt in"


def test_only_hr_has_the_button_and_nobody_else_can_forge_it(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.workspace.add_channel(id="C01", name="general", has_bot=True)
    candor.sandbox.user("U01").open_home()
    assert "invitation.open" not in str(candor.sandbox.workspace.home("U01"))

    hr = candor.sandbox.user(HR)
    hr.open_home()
    hr.press("invitation.open")
    payload = candor.sandbox.last_payload("interactive")
    payload["user"]["id"] = "U01"
    payload["actions"][0]["value"] = "U01|"
    candor.sandbox.send_raw(payload, "interactive")
    assert not candor.sandbox.workspace.modals("U01")


def test_the_programmes_size_is_company_wide_from_20_on_and_rounded_to_5() -> None:
    assert size_words(0) == size_words(19) == "Fewer than 20 people have opted in. A smaller number is not shown."
    assert size_words(20).startswith("About 20 people")
    assert size_words(22) == size_words(18 + 3)
    assert size_words(23).startswith("About 25 people")


def test_how_many_have_read_a_version_is_rounded_and_never_listed(candor: Candor) -> None:
    for number in range(23):
        candor.join(f"UREADER{number}")
        candor.opt_in(f"UREADER{number}")
        with candor.sessions.begin() as session:
            assert notices.mark_read(session, f"UREADER{number}", 1, candor.clock())
        if number == 18:
            candor.sandbox.user(HR).open_home()
            assert "Fewer than 20 people have said that they read version 1" in str(candor.sandbox.workspace.home(HR))
    candor.sandbox.user(HR).open_home()
    home = str(candor.sandbox.workspace.home(HR))
    assert "About 25 people have said that they read version 1 of the policy, rounded to 5." in home
    assert "UREADER" not in home


def test_only_hr_is_told_the_size(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").open_home()
    assert "Fewer than 20" not in str(candor.sandbox.workspace.home("U01"))
    candor.sandbox.user(HR).open_home()
    assert "Fewer than 20" in str(candor.sandbox.workspace.home(HR))


def test_when_nobody_can_say_whether_it_was_posted_hr_is_told_just_that(candor: Candor) -> None:
    open_form(candor)
    candor.sandbox.faults.add(Fault(method="chat.postMessage", kind="drop_after"))
    result = candor.sandbox.user(HR).fill_and_submit(values={"channel": "C01"})
    assert "did not say whether it was posted" in result.errors["channel"]
