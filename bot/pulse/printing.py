"""What `candor pulse` prints: plain text, and never how many people have answered while a wave is under way."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from bot.policy.publishing.words import date_words
from bot.policy.terms import Terms
from bot.pulse.banding import gates_of
from bot.pulse.closing import RESULTS, STOPPED
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import APART, next_from
from bot.pulse.questions import Question
from bot.pulse.results.reading import Item, Results
from bot.pulse.results.words import gap, sentence
from bot.pulse.trustee.counting import Done
from bot.pulse.trustee.export import Header
from bot.pulse.trustee.words import trustee_mark, with_trustee
from storage.tables import Wave
from storage.waves import State

# Control and format characters, and halves of characters.
_STEERING = frozenset({"Cc", "Cf", "Cs"})


def plan(out: Console, questions: Sequence[Question], terms: Terms, weeks: int, trustee: str | None) -> None:
    """What opening a wave would mean."""
    out.print(f"The next pulse asks everybody, opted in or not, for {'one week' if weeks == 1 else 'two weeks'}:")
    for number, question in enumerate(questions, 1):
        out.print(f"  {number}. {question.text}", markup=False)
    gates = gates_of(terms)
    out.print(f"Smallest group shown: {gates.smallest}. Comments are shown from {gates.for_comments} answers on.")
    out.print(f"Sealed for {_sealed_for(trustee)}.")


def status(out: Console, wave: Wave | None, now: datetime) -> None:
    """Where the newest wave stands."""
    if wave is None:
        out.print("There has been no pulse yet.")
        return
    out.print(f"{_state(wave, now)}\nOpened: {_moment(wave.opened_at)}, by {wave.opened_by}.", markup=False)
    if wave.state == State.CLOSED.value:
        out.print(f"Ended: {_moment(wave.closed_at or wave.closes_at)}.")
        return
    # One that an operator stops takes no more answers, whatever its time.
    if wave.state == State.OPEN.value or wave.closes_at <= now:
        out.print(f"{'Closes' if wave.closes_at > now else 'Closed to answers'}: {_moment(wave.closes_at)}.")
    out.print(f"Sealed for {_sealed_for(trustee_mark(wave))}.")
    out.print("How many have answered is shown to nobody" + (", but to the trustee." if wave.trustee else "."))


def results(out: Console, found: Results, comments: Sequence[str]) -> None:
    """The results in the words that everybody reads in Slack."""
    for wave in found.waves:
        out.print(_ended(wave), markup=False)
    if not found.waves:
        out.print("No pulse has closed yet.")
    for promise in found.promises:
        _item(out, promise.clause, promise.item)
        for reply in promise.replies:
            out.print(f"You said, we did ({reply.day}, after pulse {reply.pulse}): {reply.text}", markup=False)
    for item in found.items:
        _item(out, item.question.text, item)
    if comments:
        out.print("\n# Comments, undated and shuffled")
    for comment in comments:
        lines = _plain(comment).replace("\n", "\n  ")
        out.print(f"- {lines}", markup=False)


def _item(out: Console, about: str, item: Item | None) -> None:
    out.print(f"\n# {about}", markup=False)
    if item is None:
        out.print("Never asked.")
        return
    for answer in item.answers:
        out.print(sentence(item.question, answer), markup=False)
    out.print(f"{gap(item.answers[0])} {item.question.source}".strip(), markup=False)


def keys(out: Console, directory: KeyDirectory, trouble: str | None) -> None:
    """Where the keys of waves lie, and what is wrong with them."""
    well = "well" if directory.is_there() else "none yet, the next pulse makes it"
    out.print(f"Key directory: {directory.path}: {trouble or well}", markup=False)


def abandoning(wave: Wave) -> str:
    """What ending a wave without results comes to, before it is done."""
    return (
        f"This deletes all answers of pulse {wave.number} unopened, for good; if it has been counted, what was "
        f"counted stays. The next pulse can open on {date_words(next_from(wave))} at the earliest, {APART.days} days "
        "after this one opened."
    )


def abandoned(out: Console, wave: Wave | None, path: Path) -> None:
    """What became of a wave that was to end without results, and of its keys, with what is left to do."""
    ended(out, wave)
    if wave is None or wave.state != State.CLOSED.value:
        return
    if wave.keys_lost:
        out.print(
            f"Its keys were not in {path}, so they were NOT destroyed. Look for them where the folder was moved, "
            "and in copies of it. Put back into that folder, the running bot destroys them; destroy every other copy "
            "yourself.",
            markup=False,
        )
    else:
        out.print("Its keys on this server are destroyed.")
    if wave.trustee is not None:
        out.print(
            "The key that opens its ballots is the trustee's: ask the trustee to destroy it, and whoever has the file "
            "with the sealed ballots to delete that."
        )


def ended(out: Console, wave: Wave | None) -> None:
    """What became of a wave that was to end."""
    if wave is None:
        out.print("No pulse is under way.")
        return
    out.print(with_trustee(wave) or _ended(wave), markup=False)


def exported(out: Console, file: Path, header: Header) -> None:
    """What was written for the trustee."""
    out.print(f"{file}: pulse {header.number}, sealed ballots without names or tags, {file.stat().st_size:,} bytes.")
    out.print("Give it to the trustee, who closes the pulse with:")
    out.print(f"  candor pulse trustee close {file.name} --keys trustee-private.json --out tallies.json", markup=False)
    out.print(f"Its fingerprint, as the bot has announced it: {header.fingerprint}")


def looked(out: Console, header: Header) -> None:
    """What the trustee is about to open: the figures to compare with what everybody was told."""
    out.print(f"Fingerprint of these sealed answers:\n\n  {header.fingerprint}\n")
    out.print(
        "Compare it, digit by digit, with what the bot itself has posted in the channel, not with what came with "
        "the file. If it is another one, somebody has put other answers in their place: do not count."
    )
    out.print(f"Pulse {header.number}, closed to answers on {_moment(header.closes_at)}. It asked:")
    for number, question in enumerate(header.questions, 1):
        out.print(f"  {number}. {' '.join(_plain(question.text).split())}", markup=False)
    out.print(f"Ballots: {header.ballots}.")
    gates = gates_of(header)
    out.print(f"Smallest group shown: {gates.smallest}.\nComments are shown from {gates.for_comments} ballots on.")


def closed(out: Console, done: Done, file: Path) -> None:
    """What the trustee's closing came to."""
    tallies = done.tallies
    out.print(
        "The tallies were there already. Nothing was opened again."
        if done.before
        else f"Opened and counted: {tallies.opened} ballots. Left out, because they could not be opened: "
        f"{tallies.left_out}."
    )
    out.print(f"{file}: signed tallies. Give this file, and nothing else, to those who run Candor.", markup=False)
    out.print(f"The key of pulse {tallies.number} is destroyed in the private file. Keys left: {done.keys_left}.")


def _plain(text: str) -> str:
    """A text that came from elsewhere, without what would steer a terminal or turn the text around it about."""
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) not in _STEERING)


def _state(wave: Wave, now: datetime) -> str:
    if wait := with_trustee(wave):
        return wait
    if wave.state == State.OPEN.value:
        return f"Pulse {wave.number} is open." if wave.closes_at > now else f"Pulse {wave.number} is about to close."
    if wave.state == State.CLOSED.value:
        return _ended(wave)
    return f"Pulse {wave.number} takes no more answers and is being closed."


def _ended(wave: Wave) -> str:
    if wave.state != State.CLOSED.value:
        return (
            f"Pulse {wave.number} is being closed; the bot goes on with it, and nothing is shown before it has ended."
        )
    if wave.outcome == RESULTS:
        return f"Pulse {wave.number} has closed, and everybody sees its results."
    if wave.outcome == STOPPED:
        return f"Pulse {wave.number} was stopped without results{f': {_plain(wave.reason)}' if wave.reason else '.'}"
    return f"Pulse {wave.number} has closed: too few answers to show anything. They were deleted unopened."


def _sealed_for(trustee: str | None) -> str:
    return f"the trustee, keys {trustee}" if trustee else "the server, which opens the ballots when the pulse closes"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
