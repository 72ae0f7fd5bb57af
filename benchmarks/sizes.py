"""What each table, index and the full-text index cost.

Run: python -m benchmarks.sizes FILE
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

_PARTS = """
SELECT
  CASE WHEN s.name LIKE 'mentions_fts%' THEN 'mentions_fts' ELSE d.name END AS part,
  CASE WHEN s.name LIKE 'mentions_fts%' THEN 'full text' ELSE coalesce(s.type, 'table') END,
  CASE WHEN s.type = 'index' AND s.name NOT LIKE 'mentions_fts%' THEN s.tbl_name END,
  sum(d.pgsize) AS bytes
FROM dbstat d LEFT JOIN sqlite_master s ON s.name = d.name
GROUP BY part ORDER BY bytes DESC"""
"""What SQLite's own table of pages says, page by page: its own sums are of 32 bits. The full-text index is five
tables in one.
"""


def main(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(path)) as conn:
        mentions = conn.execute("SELECT count(*) FROM mentions").fetchone()[0]
        size = conn.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        parts = conn.execute(_PARTS).fetchall()
    return {"mentions": mentions, "bytes": size, "parts": parts}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
