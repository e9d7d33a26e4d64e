"""Questions for HR in tests: sent, as they are kept, and as HR sees them."""

from sqlalchemy import select

from storage.tables import OpenQuestion
from tests.candor import HR, Candor
from tests.policy.asking.world import ask, words_in

MORE = (
    "Who paints the corridor?",
    "Is there a choir?",
    "When does the bus leave?",
    "Where is the lost umbrella?",
    "Which biscuits are in the kitchen?",
)
UNANSWERED = (
    "What does the cafeteria serve on Fridays?",
    "Who waters the office plants?",
    "When is the summer party?",
    "Is the gym open at night?",
    "Where can I park my bicycle?",
)
FOOD = """
# The cafeteria
<!-- promise -->
<!-- questions
What does the cafeteria serve on Fridays?
-->

On Fridays the cafeteria serves fish and chips.
"""


def send(candor: Candor, user_id: str, question: str, edited: str | None = None) -> None:
    """Ask, then send the question to HR through the form."""
    user = candor.sandbox.user(user_id)
    answer = ask(candor, user_id, question)
    user.press("asking.send", message=answer)
    assert user.fill_and_submit(values={"question": edited} if edited else {}).ok
    user.close_modal()


def send_all(candor: Candor, *, number: int = 5) -> None:
    for user_id, question in zip(["U01", "U02"] * 3, UNANSWERED[:number], strict=False):
        if user_id not in candor.sandbox.workspace.users:
            candor.join(user_id)
        send(candor, user_id, question)


def kept(candor: Candor) -> list[OpenQuestion]:
    with candor.sessions() as session:
        return list(session.scalars(select(OpenQuestion)))


def seen_by_hr(candor: Candor) -> str:
    user = candor.sandbox.user(HR)
    user.open_home()
    user.press("asking.questions", view=candor.sandbox.workspace.home(HR))
    said = words_in(candor.top_modal(HR))
    user.close_modal()
    return said
