"""`python -m commissioning` is the command `localis`."""

import sys

from commissioning.cli import main

if __name__ == "__main__":
    sys.exit(main())
