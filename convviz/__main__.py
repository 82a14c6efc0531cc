"""`python -m convviz` is the command."""

import sys

from convviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
