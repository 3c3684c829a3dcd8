"""What a benchmark found: a table on the screen, and a file in bench/results/."""

import json
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path("bench/results")

Row = dict[str, float | str]


def keep(name: str, rows: Sequence[Row]) -> None:
    """Print a table and write it down."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1), "utf-8")
    print(f"\n{name}")
    print("  " + "".join(f"{heading:>22}" for heading in rows[0]))
    for row in rows:
        cells = (f"{value:.3g}" if isinstance(value, float) else str(value) for value in row.values())
        print("  " + "".join(f"{cell[:26]:>22}" for cell in cells), flush=True)
