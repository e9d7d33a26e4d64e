"""Answers questions with the policy's own words, or says that it is silent."""

from bot.policy.answers.index import Index
from bot.policy.answers.values import Answer, Passage, Refusal, Section, Tier

__all__ = ["Answer", "Index", "Passage", "Refusal", "Section", "Tier"]
