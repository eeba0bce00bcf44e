"""How a form sheet says who it is: what the layout writes and the reader looks for.

Row 0 and column 0 are hidden. A1 holds the token, row 0 the column keys, column 0 the row
keys. Keys of heading rows begin with SECTION_MARK and ask nothing.
"""

import re

KEY_ROW = 0
KEY_COLUMN = 0
SECTION_MARK = "#"
IDENTITY_SHEET = "_khreport"
ANSWERED = "answers"
"""What stands in IDENTITY_SHEET before the id of the submission that a correction answers."""
SUBMISSION_ID = re.compile("[0-9a-f]{64}")
"""What such an id looks like: the SHA-256 of the file's content."""
LISTS_SHEET = "_lists"
INDEX_SHEET = "Cần sửa"
"""The first sheet of a correction, which begins with INDEX_TITLE."""
INDEX_TITLE = "NỘI DUNG CẦN SỬA"
REVIEW_SHEET = "Cần xem lại"
REVIEW_TITLE = "NỘI DUNG CẦN XEM LẠI"
"""The same where nothing blocks."""
ADDED_ROW = ".+"
"""What stands in the key of a row that an agency added, before its number."""
ADDED_SHEET = " (ghi thêm)"
"""The end of a carried sheet's name that holds what was written outside a form."""
FORMAT_VERSION = "1"
NOTE_AUTHOR = "khreport"
NOTE_HEAD = "Kết quả kiểm tra:"
"""Who the comments that we write into cells are by, and how they begin, since some programs
lose the name: any other is somebody's own."""
OWN_COLUMN = "_"
"""How the key begins of a column that only checks what is typed: nothing there is an answer."""
STATE_COLUMN = OWN_COLUMN + "state"
STATE_HEADING = "Kiểm tra"
STATES = ("Chưa điền", "Đủ", "Còn thiếu", "Cần sửa", "Xem lại")
"""The column that tells the state of each row, and how what it tells begins."""
OWN_TABLE = OWN_COLUMN + "sheets."
"""Such a column of the cover, down to the sheet row, counted from zero, whose number follows."""
