// Sets the version in package.json and package-lock.json to the version in Cargo.toml. With --check it only compares them.
//   node scripts/version.js [--check]
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const PACKAGE = path.join(__dirname, '..');
const CARGO = path.join(PACKAGE, '../../Cargo.toml');

/** The version in Cargo.toml. */
function cargoVersion() {
  const [, version] = /^\[package\]\n(?:[^[\n].*\n)*?version = "([^"]+)"$/m.exec(fs.readFileSync(CARGO, 'utf8'));
  return version;
}

function main(isCheck) {
  const version = cargoVersion();
  for (const name of ['package.json', 'package-lock.json']) {
    const file = path.join(PACKAGE, name);
    const content = JSON.parse(fs.readFileSync(file, 'utf8'));
    const holders = [content, content.packages?.['']].filter(Boolean);
    if (holders.every((holder) => holder.version === version)) {
      continue;
    }
    if (isCheck) {
      console.error(`${name} has not the version ${version} of Cargo.toml; run node packages/npm/scripts/version.js`);
      process.exitCode = 1;
      continue;
    }
    for (const holder of holders) {
      holder.version = version;
    }
    fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}

module.exports = { cargoVersion };
if (require.main === module) {
  main(process.argv.includes('--check'));
}
