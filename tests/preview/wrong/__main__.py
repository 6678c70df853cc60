"""Prints the table of wrong programs as Markdown: python -m tests.preview.wrong [--cloud aws]."""

from __future__ import annotations

import argparse
import sys

from tests.preview.wrong.table import CASES, markdown


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.preview.wrong", description=__doc__)
    parser.add_argument("--cloud", choices=sorted({case.cloud for case in CASES}), help="one provider only")
    cloud = parser.parse_args().cloud
    sys.stdout.write(markdown([case for case in CASES if cloud in {None, case.cloud}]) + "\n")


if __name__ == "__main__":
    main()
