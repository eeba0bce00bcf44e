"""Check every workbook in a folder and print what must be mended, as a table.

    python examples/check_returns.py FOLDER

Of the folder of a round the inbox is taken in, and letters and archives in it are opened; of any
other folder each file is checked as it is.
"""

import sys
from pathlib import Path

import polars as pl

import khreport

result = khreport.check([Path(sys.argv[1])])
findings = pl.DataFrame(
    [
        {
            "file": checked.submission.file,
            "agency": checked.agency_name,
            "severity": finding.severity,
            "cell": f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet or "",
            "message": str(finding),
        }
        for checked in result.files
        for finding in checked.findings
    ],
    schema=["file", "agency", "severity", "cell", "message"],
    orient="row",
)
with pl.Config(tbl_rows=50, fmt_str_lengths=120, tbl_width_chars=200):
    print(findings.group_by("file", "severity").len().sort("file", "severity"))
    print(findings.filter(pl.col("severity") == "error"))
