"""Ask the consolidation questions in SQL: DuckDB reads its Parquet files where they are.

    pip install duckdb
    python examples/query_duckdb.py FOLDER

Run `khreport consolidate FOLDER` first. The tables are the files of FOLDER/tong-hop: answers,
tasks, indicators, documents, difficulties, proposals, agencies, cells, …
"""

import sys
from pathlib import Path

import duckdb

frames = Path(sys.argv[1]) / "tong-hop"
with duckdb.connect() as database:
    for path in sorted(frames.glob("*.parquet")):
        database.read_parquet(str(path)).create_view(path.stem)

    print("Tasks by how they stand:")
    database.sql("""
        SELECT timeliness, count(*) AS tasks, max(days_late) AS most_days_late
        FROM tasks GROUP BY timeliness ORDER BY tasks DESC, timeliness
    """).show()

    print("Where each answer of the agency with the most answers was read:")
    database.sql("""
        SELECT agencies.name, cells.key, cells.value, cells.file, cells.sheet, cells.cell
        FROM cells JOIN agencies USING (agency)
        WHERE agency = (
            SELECT agency FROM cells GROUP BY agency ORDER BY count(*) DESC, agency LIMIT 1
        )
        ORDER BY cells.sheet, cells.cell LIMIT 10
    """).show()
