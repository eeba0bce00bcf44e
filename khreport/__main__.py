"""`python -m khreport` does what the command `khreport` does."""

import sys

from khreport.cli import main

if __name__ == "__main__":
    sys.exit(main())
