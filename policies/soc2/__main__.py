"""Started by the engine: pulumi up --policy-pack policies/soc2"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from policies.serving import serve

serve("soc2", ["soc2"])
