"""Questions about what is held of the asker, or done with it: what is held right now is shown beside the answer."""

from bot.policy.answers.patterns import patterns
from bot.policy.answers.refusals import beginning


def is_about_me(question: str) -> bool:
    """What is held about me, how is my data used? Not: can my manager see my tokens?"""
    plain, of = beginning(question), patterns("about_me")
    return bool(of["mine"].search(plain) and not of["others_do"].search(plain))
