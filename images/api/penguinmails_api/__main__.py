"""``python -m penguinmails_api <role>``."""

import sys

from penguinmails_api.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
