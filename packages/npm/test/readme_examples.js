// Writes the JavaScript examples of a page into a directory, with the names in their first lines.
//   node readme_examples.js PAGE DIRECTORY [NAME]
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [page, directory, only] = process.argv.slice(2);
const blocks = fs.readFileSync(page, 'utf8').matchAll(/^```js\n\/\/ ([\w.]+)\b[^\n]*\n(.*?)^```$/gms);
const examples = [...blocks].filter(([, name]) => only === undefined || name === only);
if (examples.length === 0) {
  throw new Error(`${page} has no example${only === undefined ? '' : ` ${only}`}`);
}
fs.mkdirSync(directory, { recursive: true });
for (const [, name, program] of examples) {
  fs.writeFileSync(path.join(directory, name), program);
}
