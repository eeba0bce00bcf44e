// Fills a workbook as a web application built on SheetJS does, and saves it.
//
//     node sheetjs.js SOURCE TARGET < entries.json
//
// The entries are [sheet, cell, kind, value] lists; the target's suffix names its format.
"use strict";

const fs = require("node:fs");
const XLSX = require("xlsx");

const DAY_FORMAT = "dd/mm/yyyy";
const ERRORS = { "#N/A": 42, "#REF!": 23 };

const MAKE = {
  text: (value) => ({ t: "s", v: value }),
  number: (value) => ({ t: "n", v: value }),
  date: (value) => {
    const [year, month, day] = value.split("-").map(Number);
    return { t: "d", v: new Date(year, month - 1, day), z: DAY_FORMAT };
  },
  formula: (value) => ({ t: "n", f: value }),
  error: (value) => ({ t: "e", v: ERRORS[value] }),
};

function fill(source, target, entries) {
  const book = XLSX.readFile(source);
  for (const [sheet, cell, kind, value] of entries) {
    book.Sheets[sheet][cell] = MAKE[kind](value);
  }
  XLSX.writeFile(book, target, { bookType: target.endsWith(".xls") ? "biff8" : undefined });
}

const [source, target] = process.argv.slice(2);
fill(source, target, JSON.parse(fs.readFileSync(0, "utf8")));
