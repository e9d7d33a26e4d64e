"""How the parts are put together."""

from bot.running import connect
from storage import pace, people
from tests.candor import START, Candor, settings_for


def test_what_was_stopped_goes_on_when_the_bot_is_started_again_and_by_no_other_command(candor: Candor) -> None:
    url = candor.sessions.kw["bind"].url.render_as_string(hide_password=False)
    settings = settings_for(candor.sandbox, database_url=url)
    with candor.sessions.begin() as session:
        people.stop_workspace(session, "token_revoked", START)
    for resume in (False, True):
        services, _client = connect(settings, candor.clock, resume=resume)
        services.sessions.kw["bind"].dispose()
        with candor.sessions.begin() as session:
            assert pace.gate(session, candor.services.workspace_id).stopped is not resume
