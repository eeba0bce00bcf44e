"""How a form sheet says who it is: what the layout writes and the reader looks for.

Row 0 and column 0 are hidden. A1 holds the token, row 0 the column keys, column 0 the row
keys (design decision 1). Keys of heading rows begin with SECTION_MARK and ask nothing.
"""

KEY_ROW = 0
KEY_COLUMN = 0
SECTION_MARK = "#"
IDENTITY_SHEET = "_khreport"
LISTS_SHEET = "_lists"
FORMAT_VERSION = "1"
