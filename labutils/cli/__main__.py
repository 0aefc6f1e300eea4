"""`python -m labutils.cli`: the `labs` command where it is not on the path."""

import sys

from labutils.cli.entry import main

sys.exit(main())
