"""A process of its own that appends to the ledger of the database at this address."""

import sys

from storage.database import open_engine, session_factory
from tests.ledger.world import write

if __name__ == "__main__":
    address, number = sys.argv[1:]
    write(session_factory(open_engine(address)), int(number))
