"""The sample company: big enough, spread enough, believable, and the same every time."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import company_habits as habits
from bot.sandbox.company import COMPANY
from bot.sandbox.company_checkins import Report

LAST_MONDAY = date(2026, 11, 16)
LAST_SUNDAY = date(2026, 11, 22)
FIRST_MONDAY = date(2026, 8, 31)

SAVED = {"cost", "0", "lt1", "1to2", "2to4", "gt4"}
REWORK = SAVED - {"cost"}
HELPED = {"writing", "coding", "reviewing", "research", "analysis", "meetings", "support", "other"}
MIDDLE = {"cost": 0.0, "0": 0.0, "lt1": 0.5, "1to2": 1.5, "2to4": 3.0, "gt4": 5.0}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return COMPANY.usage_files(LAST_MONDAY)


@pytest.fixture(scope="module")
def check_ins() -> list[Report]:
    return COMPANY.check_ins(LAST_MONDAY)


def _table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _documents(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_sixty_people_work_in_eight_teams_of_four_to_fourteen_under_three_departments() -> None:
    sizes = Counter(person.team for person in COMPANY.employees)
    teams = {team: size for team, size in sizes.items() if "/" in team}
    assert len(COMPANY.employees) == 60
    assert len(teams) == 8
    assert (min(teams.values()), max(teams.values())) == (4, 14)
    assert len({person.department for person in COMPANY.employees}) == 3


def test_every_team_and_every_department_has_one_manager_and_two_persons_are_hr() -> None:
    managers = Counter(person.team for person in COMPANY.employees if person.is_manager)
    assert set(managers) == {person.team for person in COMPANY.employees}
    assert set(managers.values()) == {1}
    assert {person.team for person in COMPANY.employees if person.is_hr} == {"Operations / People & Policy"}
    assert sum(person.is_hr for person in COMPANY.people) == 2


def test_the_persons_of_hr_are_a_user_group() -> None:
    (group,) = COMPANY.usergroups
    assert (group.id, group.handle) == ("S0HLHR", "hr")
    assert set(group.users) == {person.id for person in COMPANY.employees if person.is_hr}


def test_people_live_in_at_least_five_zones_with_a_half_hour_one_and_the_southern_summer() -> None:
    zones = {person.tz for person in COMPANY.employees}
    offsets = {tz: ZoneInfo(tz).utcoffset(datetime(2026, 11, 16, tzinfo=UTC)) for tz in zones}
    assert len(zones) >= 5
    assert any(offset is not None and offset % timedelta(hours=1) for offset in offsets.values())
    january, july = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    melbourne = ZoneInfo("Australia/Melbourne")
    assert "Australia/Melbourne" in zones
    assert january.astimezone(melbourne).utcoffset() > july.astimezone(melbourne).utcoffset()  # type: ignore[operator]


def test_names_ids_and_addresses_are_each_only_once() -> None:
    for values in (
        [person.id for person in COMPANY.people],
        [person.name for person in COMPANY.people],
        [person.address for person in COMPANY.people],
        [person.login for person in COMPANY.people],
    ):
        assert len(set(values)) == len(COMPANY.people)
    assert all(person.address.isascii() and person.address.endswith("@haldenlabs.example") for person in COMPANY.people)


def test_the_edges_of_the_demo_are_there_once_each() -> None:
    others = [person for person in COMPANY.people if not person.is_employee]
    assert sorted((one.is_guest, one.is_bot, one.deleted) for one in others) == [
        (False, False, True),
        (False, True, False),
        (True, False, False),
    ]
    assert [person.email for person in COMPANY.employees].count(None) == 1


def test_the_directory_names_every_employee_once_by_address_or_slack_id() -> None:
    rows = _table(COMPANY.directory_csv())
    named = {row["email"] or row["slack_id"] for row in rows}
    assert named == {person.email or person.id for person in COMPANY.employees}
    assert len(rows) == 60
    assert sum(row["manager"] == "yes" for row in rows) == 11


def test_one_consenting_copilot_user_has_no_login_at_the_identity_provider() -> None:
    known = {row["email"] for row in _table(COMPANY.logins_csv())}
    consenting = {one.person_id for one in COMPANY.optins() if "copilot" in one.tools}
    missing = [p.name for p in COMPANY.employees if p.id in consenting and p.address not in known]
    assert missing == [habits.WITHOUT_LOGIN]


def test_forty_four_people_opt_in_over_the_weeks_and_one_team_hardly_at_all() -> None:
    opted = COMPANY.optins()
    ids = {one.person_id for one in opted}
    assert len(opted) == len(ids) == 44
    sales = [person for person in COMPANY.employees if person.team == "Customers / Sales"]
    assert (len(sales), sum(person.id in ids for person in sales)) == (7, 1)
    assert len({one.week for one in opted}) > 3
    assert 0 < sum(not one.figures_in_dm for one in opted) < 15
    for one in opted:
        assert one.tools
        assert set(one.tools) <= set(COMPANY.habit(one.person_id).tools)


def test_whoever_opts_in_has_an_address_in_slack_to_be_matched_by() -> None:
    with_address = {person.id for person in COMPANY.employees if person.email}
    assert {one.person_id for one in COMPANY.optins()} <= with_address


def test_claude_code_comes_as_one_page_a_day_with_several_rows_for_some_and_rows_of_an_api_key(
    files: dict[str, bytes],
) -> None:
    pages = _documents(files["claude-code"])
    rows = [row for page in pages for row in page["data"]]
    assert len(pages) == 84
    assert all({"data", "has_more", "next_page"} == set(page) for page in pages)
    kinds = Counter(row["actor"]["type"] for row in rows)
    keys = Counter((row["actor"].get("email_address"), row["date"]) for row in rows)
    assert kinds["api_actor"] == 60
    assert kinds["user_actor"] > 500
    assert max(count for (email, _), count in keys.items() if email) == 2
    days = {row["date"] for row in rows}
    assert (min(days), max(days)) == (f"{FIRST_MONDAY}T00:00:00Z", f"{LAST_SUNDAY}T00:00:00Z")
    people = [row for page in pages[-2:] for row in page["data"] if row["actor"]["type"] == "user_actor"]
    assert people


def test_copilot_carries_logins_and_lacks_the_last_two_days(files: dict[str, bytes]) -> None:
    rows = _documents(files["copilot"])
    logins = {person.login for person in COMPANY.people}
    assert {row["user_login"] for row in rows} <= logins
    assert max(str(row["day"]) for row in rows) == "2026-11-20"
    assert b"@" not in files["copilot"]
    assert len({(row["user_login"], row["day"]) for row in rows}) == len(rows)


def test_cursor_comes_in_windows_of_at_most_thirty_days_that_hold_their_rows(files: dict[str, bytes]) -> None:
    pages = _documents(files["cursor"])
    for page in pages:
        start, end = page["period"]["startDate"], page["period"]["endDate"]
        assert end - start <= 30 * 86_400_000
        assert all(start <= row["date"] < end for row in page["data"])
    assert len(pages) == 3
    assert sum(len(page["data"]) for page in pages) > 200


def test_chatgpt_comes_in_the_csv_template_until_the_newest_sunday(files: dict[str, bytes]) -> None:
    rows = _table(files["csv"])
    assert {row["tool"] for row in rows} == {"chatgpt"}
    assert all(int(row["prompts"]) > 0 for row in rows)
    assert max(row["day"] for row in rows) == "2026-11-22"


def test_the_files_hold_people_who_never_opted_in_and_a_leaver(files: dict[str, bytes]) -> None:
    opted = {one.person_id for one in COMPANY.optins()}
    refusing = [p for p in COMPANY.employees if p.id not in opted and COMPANY.habit(p.id).tools]
    text = b"".join(files.values()).decode()
    assert len(refusing) > 10
    assert all(person.address in text or person.login in text for person in refusing)
    leaver = COMPANY.person("Colin Ashdowne")
    assert leaver.address in text or leaver.login in text
    latest = [row["day"] for row in _documents(files["copilot"]) if row["user_login"] == leaver.login]
    assert all(str(day) < "2026-10-19" for day in latest)


def test_fewer_weeks_are_the_newest_of_the_same_weeks(files: dict[str, bytes]) -> None:
    short = _table(COMPANY.usage_files(LAST_MONDAY, weeks=2)["csv"])
    assert short == [row for row in _table(files["csv"]) if row["day"] >= "2026-11-09"]


def test_the_next_weeks_files_agree_with_this_weeks_and_bring_what_was_late(files: dict[str, bytes]) -> None:
    later = COMPANY.usage_files(LAST_MONDAY + timedelta(weeks=1))
    for now, then in (
        (_table(files["csv"]), _table(later["csv"])),
        (_documents(files["copilot"]), _documents(later["copilot"])),
    ):
        newest = max(row["day"] for row in now)
        both = [row for row in then if "2026-09-07" <= row["day"] <= newest]
        assert both == [row for row in now if row["day"] >= "2026-09-07"]
    following = _documents(COMPANY.usage_files(LAST_MONDAY + timedelta(weeks=1), weeks=1)["copilot"])
    assert min(row["day"] for row in following) == "2026-11-21"


def test_a_weeks_reports_only_grow_when_the_next_week_has_come(check_ins: list[Report]) -> None:
    later = COMPANY.check_ins(LAST_MONDAY + timedelta(weeks=1), weeks=13)
    newest = [one for one in check_ins if one.week == LAST_MONDAY]
    assert all(one in later for one in newest)
    assert sum(one.week == LAST_MONDAY for one in later) > len(newest)


def test_check_ins_use_the_known_codes_once_a_week_from_the_opt_in_on(check_ins: list[Report]) -> None:
    since = {one.person_id: FIRST_MONDAY + timedelta(weeks=one.week) for one in COMPANY.optins()}
    assert len({(one.person_id, one.week) for one in check_ins}) == len(check_ins)
    for one in check_ins:
        assert since[one.person_id] <= one.week <= LAST_MONDAY
        assert one.week.weekday() == 0
        assert one.saved in SAVED
        assert one.rework in REWORK
        assert set(one.helped) <= HELPED
        assert one.note is None or len(one.note) <= 200


def test_most_people_report_most_weeks_and_fewer_have_reported_the_newest(check_ins: list[Report]) -> None:
    settled = [one for one in check_ins if one.week < LAST_MONDAY]
    reported = Counter(one.person_id for one in settled)
    owed = {one.person_id: 11 - one.week for one in COMPANY.optins()}
    assert 0.6 <= sum(reported.values()) / sum(owed.values()) <= 0.8
    assert 8 <= len(check_ins) - len(settled) <= 25


def test_rework_takes_a_third_or_more_of_what_is_saved_and_some_weeks_cost_time(check_ins: list[Report]) -> None:
    saved = sum(MIDDLE[one.saved] for one in check_ins)
    rework = sum(MIDDLE[one.rework] for one in check_ins)
    assert 0.33 <= rework / saved <= 0.41
    assert 5 <= sum(one.saved == "cost" for one in check_ins) <= 30


def _mean_saved(check_ins: list[Report], name: str) -> float:
    person = COMPANY.person(name)
    return mean(MIDDLE[one.saved] for one in check_ins if one.person_id == person.id)


def test_much_use_with_little_gain_and_little_use_with_much_gain_both_exist(check_ins: list[Report]) -> None:
    heavy, light = habits.HEAVY_WITH_LITTLE_GAIN, habits.LIGHT_WITH_MUCH_GAIN
    pace = {name: COMPANY.habit(COMPANY.person(name).id).pace for name in (heavy, light)}
    assert pace[heavy] > 5 * pace[light]
    assert _mean_saved(check_ins, light) > 3 > 1 > _mean_saved(check_ins, heavy)


def test_somebody_opted_in_and_never_checks_in(check_ins: list[Report]) -> None:
    silent = {one.person_id for one in COMPANY.optins()} - {one.person_id for one in check_ins}
    assert silent == {COMPANY.person(habits.NEVER_CHECKS_IN).id}


def test_hours_reported_do_not_follow_from_the_amount_of_use(check_ins: list[Report]) -> None:
    people = sorted({one.person_id for one in check_ins})
    gain = [mean(MIDDLE[one.saved] for one in check_ins if one.person_id == person) for person in people]
    pace = [COMPANY.habit(person).pace for person in people]
    spread = sum((g - mean(gain)) ** 2 for g in gain) * sum((p - mean(pace)) ** 2 for p in pace)
    together = sum((g - mean(gain)) * (p - mean(pace)) for g, p in zip(gain, pace, strict=True))
    assert abs(together / spread**0.5) < 0.35


def test_nobody_works_or_reports_on_holiday(files: dict[str, bytes], check_ins: list[Report]) -> None:
    by_address = {person.address: person.id for person in COMPANY.people}
    mondays = [FIRST_MONDAY + timedelta(weeks=week) for week in range(12)]
    weeks_away = {
        (person.id, monday)
        for person in COMPANY.employees
        for monday in mondays
        if COMPANY.habit(person.id).is_away(monday)
    }
    used = {(by_address[row["email"]], date.fromisoformat(row["day"])) for row in _table(files["csv"])}
    active = {(person, day - timedelta(day.weekday())) for person, day in used}
    assert weeks_away
    assert not weeks_away & active
    assert not weeks_away & {(one.person_id, one.week) for one in check_ins}


def test_another_process_with_another_hash_seed_makes_the_same_bytes() -> None:
    code = (
        "import hashlib, datetime; from bot.sandbox.company import load; c = load(); d = datetime.date(2026, 11, 16);"
        "print(hashlib.sha256(repr((c.usage_files(d), c.check_ins(d), c.optins(), c.people)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64
