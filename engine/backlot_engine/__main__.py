"""`python -m backlot_engine RUN_DIR`"""

import sys

from .run import main

sys.exit(main(sys.argv[1:]))
