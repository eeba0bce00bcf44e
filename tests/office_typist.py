"""Types into an open LibreOffice as a person does. Run by a Python that has LibreOffice's uno.

    python3 office_typist.py PIPE SOURCE TARGET FILTER < entries.json

The entries are [sheet, cell, text] lists, for what is typed; [sheet, cell] for what is looked
at; [place] for a link that is followed. Prints, as JSON, the entries that did not land, since a
locked cell or a refused value keeps what it held, and what was seen: texts of cells, and the
cells to which links led.
"""

# ruff: noqa: ANN001, ANN201 - uno has no types
# mypy: ignore-errors

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def prop(name, value):
    pair = PropertyValue()
    pair.Name, pair.Value = name, value
    return pair


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(120):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - not yet up; uno raises kinds of its own
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not answer")


def main(pipe, source, target, file_filter):
    context = connect(pipe)
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, ())
    dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    controller = document.CurrentController
    frame = controller.Frame
    refused, seen = [], []
    for entry in json.load(sys.stdin):
        if len(entry) == 1:
            mark = prop("Bookmark", entry[0])
            dispatcher.executeDispatch(frame, ".uno:JumpToMark", "", 0, (mark,))
            seen.append(document.CurrentSelection.AbsoluteName)
            continue
        sheet_name, cell_name, *typed = entry
        sheet = document.Sheets.getByName(sheet_name)
        if not typed:
            seen.append(sheet.getCellRangeByName(cell_name).String)
            continue
        text = typed[0]
        controller.setActiveSheet(sheet)
        cell = sheet.getCellRangeByName(cell_name)
        before = cell.String
        dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (prop("ToPoint", cell_name),))
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (prop("StringName", text),))
        if cell.String == before and text != before:
            refused.append([sheet_name, cell_name, text])
    document.storeToURL(Path(target).as_uri(), (prop("FilterName", file_filter),))
    document.close(True)  # noqa: FBT003 - uno takes no keywords
    with suppress(Exception):  # it hangs up while it answers
        desktop.terminate()
    sys.stdout.write(json.dumps([refused, seen]))


main(*sys.argv[1:])
