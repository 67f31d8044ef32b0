"""``python -m bench``: take the measures, print a table, write ``bench/results.json``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from bench import results
from bench.ground import QUICK, THOROUGH, Ground
from bench.load import WrongAnswer
from bench.measures import (
    application,
    cases,
    claim,
    counselling,
    duplicates,
    figures,
    imports,
    issuing,
    login,
    memory,
    opening,
    public_page,
    reconciliation,
    register,
    search,
    start,
)
from bench.results import AT_LEAST, AT_MOST, Measure, Row, Target
from bench.serving import DidNotStart

MEASURES = (
    Measure("public posting page", "x hello world", Target(AT_LEAST, 0.5), public_page.take),
    Measure("sealed application", "x hello world", Target(AT_LEAST, 0.2), application.take),
    Measure("register page", "x plain SQLite kept open", Target(AT_LEAST, 0.85), register.take),
    Measure("log-in", "x Argon2id alone", Target(AT_MOST, 1.15), login.take),
    Measure("memory of all faces", "MB", Target(AT_MOST, 200), memory.take),
    Measure("second start", "s", Target(AT_MOST, 5), start.take),
    Measure("reconciliation of 100,000 codes", "s", Target(AT_MOST, 30), reconciliation.take),
    Measure("memory of a reconciliation", "MB", Target(AT_MOST, 300), reconciliation.take_memory),
    Measure("duplicates in 100,000 members", "s", Target(AT_MOST, 120), duplicates.take),
    Measure("growth of duplicates, 10,000 to 100,000", "x", Target(AT_MOST, 14), duplicates.growth),
    Measure("opening a vault", "ms", Target(AT_MOST, 1), opening.take),
    Measure("issuing 10,000 pairs and their claim slots", "s", Target(AT_MOST, 10), issuing.take),
    Measure("claim page", "x hello world", Target(AT_LEAST, 0.2), claim.take),
    Measure("writing to two counsellors", "x hello world", Target(AT_LEAST, 0.15), counselling.take),
    Measure("memory of a 10 MB file", "x the file", Target(AT_MOST, 3), counselling.take_memory),
    Measure("search as typed, 1,000,000 members", "x 10,000 members", Target(AT_MOST, 2), search.take),
    Measure("import of 100,000 rows", "x csv and executemany", Target(AT_MOST, 6), imports.take),
    Measure("list of 50 cases out of 5,000", "ms", Target(AT_MOST, 300), cases.take),
    Measure("disclosure control of a 40 x 12 table", "s", Target(AT_MOST, 2), figures.take),
)


def main() -> int:
    """Return 0 where every measure that was taken reaches its target."""
    options = _options()
    chosen = [measure for measure in MEASURES if options.only in measure.name]
    rows = []
    with tempfile.TemporaryDirectory(prefix="schotten-bench-") as folder:
        ground = Ground(Path(folder), QUICK if options.quick else THOROUGH)
        for measure in chosen:
            began = time.monotonic()
            rows.append(_taken(measure, ground))
            print(f"{measure.name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(results.table(rows))
    if len(chosen) == len(MEASURES) and not options.quick:
        results.write(rows)
    return 0 if all(row.ok for row in rows) else 1


def _taken(measure: Measure, ground: Ground) -> Row:
    """Take one measure. One that can't be taken is a row that missed, and the others still are taken."""
    try:
        return measure.row(*measure.take(ground))
    except (WrongAnswer, DidNotStart, OSError) as error:
        return measure.missed(str(error).strip().splitlines()[-1])
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return measure.missed(f"{type(error).__name__}, see above")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--only", default="", metavar="NAME", help="take only the measures with NAME in their name"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one short round each: whether it runs, not how fast"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
