"""Every error a person can act on, and the words for it.

CandorError              words for the person who asked; never a reference id
├── PolicyFault          a policy file that cannot be published; also an OperatorError, for the command line
├── NotYours             a button or form of somebody else
├── NotAMember           a guest, a bot, or an account that is switched off
├── NotAsked             the same, for the pulse
├── NotOffered           an answer that the pulse does not offer
├── NothingAnswered      an empty ballot
├── TooLong              a comment over its limit
├── WaveOver             a ballot after the pulse has closed
├── CannotSeal           a ballot while the keys of its pulse are out of reach
├── NoWave               a pulse that cannot be opened now; also an OperatorError
├── KeysUnusable         keys that are missing, exposed or another's; also an OperatorError
├── NotOptedIn           nothing is held, so there is nothing to show
├── WeekClosed           the check-in's week can no longer be corrected
├── NotMatchable         the profile's email is missing or shared
├── HrOnly               a button that only HR has
├── HrUnknown            the same, while Slack does not say who is HR
└── NothingToContact     the company has named no contact
OperatorError            words for whoever runs the command; exit code 1
"""

from typing import ClassVar

HELD_BEFORE = (
    "Of people who have not opted in, Candor holds the Slack id, whether the account is in use, time zone, team, "
    "whether they manage a team, whether they want invitations, and the newest pulse that they were to be invited to "
    "and reminded of; for about a week also that these messages were sent, and when. Never whether they answered. Of "
    "whoever manages a team also whether they want the weekly message about its summary, since when they may open it, "
    "and that they did."
)


class CandorError(Exception):
    """An error whose message is shown to the person as it stands, as plain text."""


class NotYours(CandorError):
    def __init__(self) -> None:
        super().__init__("This button belongs to somebody else, so nothing was done. Yours are in your own Candor DM.")


class NotAMember(CandorError):
    WORDS: ClassVar = {
        "guest": "Candor is for full members of this workspace. Guest accounts are not collected and cannot opt in.",
        "bot": "Candor is for people. Apps and bots are not collected and cannot opt in.",
        "deactivated": "This account is switched off in Slack, so nothing is collected and nothing was done.",
        "stranger": "Candor is for members of this workspace. People of connected companies cannot opt in.",
    }

    def __init__(self, membership: str) -> None:
        super().__init__(self.WORDS[membership])
        self.membership = membership


class NotOptedIn(CandorError):
    def __init__(self) -> None:
        super().__init__(
            f"You have not opted in, so there is nothing here. {HELD_BEFORE} You can opt in from Candor's Home tab."
        )


class WeekClosed(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "This week can no longer be reported or corrected: that ends on the Sunday after it, at 24:00 where "
            "you are. Type `checkin` to report the newest week."
        )


class NotMatchable(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "Your Slack email address does not belong to you alone, so a tool's figures could be somebody else's. "
            "Nothing was stored. Ask your Slack admins to give your account its own address, or opt in without tools."
        )


class HrOnly(CandorError):
    def __init__(self) -> None:
        super().__init__("Only HR can do this. HR's Slack ids are in the setting CANDOR_HR.")


class HrUnknown(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "I cannot tell right now whether you belong to HR, because Slack does not say who is in HR's user group. "
            "Nothing was done. Please try again in a few minutes."
        )


class NothingToContact(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "Your company has not named a contact for this policy in Candor yet, so the message was not sent. "
            "Please ask HR directly."
        )


class OperatorError(Exception):
    """An error whose message tells the operator what to do."""


class PolicyFault(CandorError, OperatorError):
    """A policy that cannot be published as it is: one line for each fault, with its line in the file."""
