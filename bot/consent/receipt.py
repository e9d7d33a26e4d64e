"""The receipt of a consent, with the fields of ISO/IEC TS 27560:2023."""

from typing import Any

from bot.policy.terms import Terms
from bot.policy.versions import terms_of
from bot.teams.belonging.words import in_receipt
from bot.usage.catalogue import TOOLS
from storage.consents import ConsentRecord
from storage.tables import PolicyVersion

SCHEMA = "ISO/IEC TS 27560:2023"


def receipt(record: ConsentRecord, policy: PolicyVersion, company: str) -> dict[str, Any]:
    """The receipt as a plain dict, ready for JSON: it names the policy by hash and holds no figures."""
    consent = record.consent
    return {
        "receipt_metadata": {
            "schema_version": SCHEMA,
            "record_id": consent.receipt_id,
            "receipt_id": consent.receipt_id,
            "pii_principal_id": consent.person_id,
        },
        "pii_processing": {
            "privacy_notice": {
                "title": policy.title,
                "version": policy.number,
                "sha256": policy.hash,
                "effective": policy.effective.isoformat(),
                "text": policy.text,
            },
            "language": policy.language,
            "pii_controllers": [{"name": company, "contact": policy.contact}],
            "purposes": [_purpose(record, policy)],
        },
        "event": {
            "event_time": consent.granted_at.isoformat(),
            "event_type": "explicit",
            "event_state": "given",
            "validity_duration": "until withdrawn",
        },
    }


def _purpose(record: ConsentRecord, policy: PolicyVersion) -> dict[str, Any]:
    terms = terms_of(policy)
    return {
        "purpose": "To show you your own AI use beside what you report of it, once a week.",
        "lawful_basis": "as stated by the controller; this consent is a safeguard of its own",
        "pii_information": [_tool(tool, terms) for tool in record.tools if tool in terms.tools] + [_CHECK_IN],
        "identities_matched": record.identities,
        "retention_period": _retention(terms),
        "later_versions": "Stricter terms hold at once; looser ones only after a new consent.",
        "recipients": ["the person"],
        "team_summaries": in_receipt(terms, record.consent.in_summaries),
        "processing_locations": "the company's own server and its Slack workspace",
        "figures_shown_in_direct_messages": record.consent.figures_in_dm,
        "withdrawal_method": "Type `stop` to Candor, or press Opt out in its Home tab.",
    }


_CHECK_IN = {
    "pii_type": "Check-in",
    "attributes": ["hours saved", "hours lost to rework", "what it helped with", "a line of your own"],
}
# Kinds of data about the person, of which this consent is.
_KINDS = {
    "usage": "usage",
    "check_ins": "check-ins",
    "messages": "messages and files in Slack that hold figures",
    "leavers": "everything, once your Slack account is switched off",
}


def _retention(terms: Terms) -> dict[str, str]:
    """How long each kind of data is kept, as agreed."""
    weeks = dict(terms.retention_weeks)
    return {words: f"{weeks[kind]} weeks, or until withdrawn" for kind, words in _KINDS.items()}


def _tool(key: str, terms: Terms) -> dict[str, Any]:
    tool = TOOLS[key]
    kept = [item.label for item in tool.fields if item.column in terms.tools[key]]
    return {"pii_type": f"Daily counts from {tool.name}", "attributes": kept}
