// Fills a workbook as a web application built on ExcelJS does, and saves it as .xlsx.
//
//     node exceljs.js SOURCE TARGET < entries.json
//
// The entries are [sheet, cell, kind, value] lists.
"use strict";

const fs = require("node:fs");
const ExcelJS = require("exceljs");

const MAKE = {
  text: (value) => value,
  number: (value) => value,
  date: (value) => new Date(value), // midnight in UTC, as ExcelJS counts
  formula: (value) => ({ formula: value }),
  error: (value) => ({ error: value }),
  rich: (value) => ({
    richText: [{ text: value.slice(0, 2), font: { bold: true } }, { text: value.slice(2) }],
  }),
};

async function fill(source, target, entries) {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(source);
  for (const [sheet, cell, kind, value] of entries) {
    book.getWorksheet(sheet).getCell(cell).value = MAKE[kind](value);
  }
  await book.xlsx.writeFile(target);
}

const [source, target] = process.argv.slice(2);
fill(source, target, JSON.parse(fs.readFileSync(0, "utf8")));
