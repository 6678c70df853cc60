"""What the engine runs, through a link in a temporary project; the checkout is found from the file itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from scripts.backends.aws.program import run

run()
