"""`python -m backlot_engine RUN_DIR`"""

import os
import sys
from pathlib import Path

from .launch import launch, processes_of
from .ranks import count, end_with_parent
from .run import main

# Read when torch loads OpenMP, which happens later. Threads that wait by spinning take the cores from the
# threads that they wait for as soon as anything else runs: beside 20 other processes on 2 cores a training
# step took 10 to 13 s without spinning and more than 28 s with it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "RANK" not in os.environ and len(sys.argv) == 2:
    folder = Path(sys.argv[1]).resolve()
    if (processes := processes_of(folder)) > 1:
        sys.exit(launch(folder, processes))
if count() > 1:
    end_with_parent()
sys.exit(main(sys.argv[1:]))
