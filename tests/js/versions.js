// Prints, as JSON, the versions of the packages named, as installed.
"use strict";

const versions = process.argv.slice(2).map((name) => [name, require(`${name}/package.json`).version]);
process.stdout.write(JSON.stringify(Object.fromEntries(versions)));
