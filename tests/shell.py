"""An operator's shell: the environment in which commands are typed."""

from sqlalchemy import Engine


def shell_env(database: Engine | str, **more: str | None) -> dict[str, str | None]:
    """Settings for this database (or address of one), with Slack out of reach."""
    url = database if isinstance(database, str) else database.url.render_as_string(hide_password=False)
    env: dict[str, str | None] = {
        "SLACK_BOT_TOKEN": "xoxb-out-of-reach",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": url,
        "CANDOR_LOG_LEVEL": "ERROR",
    }
    return env | more
