// Packs the main package and the packages of the given platforms into target/npm, or another directory, and prints the files
// in each of them. The main package depends on these platforms only, because npm cannot make a complete lock file with
// optional dependencies that do not exist.
//   node scripts/pack.js [--to DIRECTORY] PLATFORM=BINARY...       for example linux-x64=target/portable/kms-emulator
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const PACKAGE = path.join(__dirname, '..');
const REPOSITORY = path.join(PACKAGE, '../..');
const LICENSE = path.join(REPOSITORY, 'LICENSE');

/** Names as in `process.platform` and `process.arch`, and what they are called. */
const PLATFORMS = {
  'linux-x64': 'Linux on x86-64',
  'linux-arm64': 'Linux on ARM64',
  'darwin-x64': 'macOS on Intel',
  'darwin-arm64': 'macOS on Apple silicon',
  'win32-x64': 'Windows on x86-64',
};

function writeJson(file, content) {
  fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Writes the package of a platform: the binary with its metadata. */
function writePlatformPackage(directory, platform, { version, license, engines, repository }, binary) {
  const [os, cpu] = platform.split('-');
  const title = PLATFORMS[platform];
  writeJson(path.join(directory, 'package.json'), {
    name: `@kms-emulator/${platform}`,
    version,
    description: `The program of kms-emulator for ${title}`,
    license,
    repository,
    type: 'commonjs',
    os: [os],
    cpu: [cpu],
    files: ['bin'],
    engines,
    // Yarn would otherwise leave the program in an archive, from which it cannot be started.
    preferUnplugged: true,
    publishConfig: { access: 'public' },
  });
  fs.writeFileSync(
    path.join(directory, 'README.md'),
    `# @kms-emulator/${platform}\n\nThe program of \`kms-emulator\` for ${title}. Install the package \`kms-emulator\`, which ` +
      'depends on this one.\n',
  );
  fs.copyFileSync(LICENSE, path.join(directory, 'LICENSE'));
  const program = path.join(directory, 'bin', os === 'win32' ? 'kms-emulator.exe' : 'kms-emulator');
  fs.mkdirSync(path.dirname(program));
  fs.copyFileSync(binary, program);
  fs.chmodSync(program, 0o755);
}

/** Writes the main package, without what only its development needs, and returns its package.json. */
function writeMainPackage(directory, platforms) {
  const source = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
  const { scripts, devDependencies, ...manifest } = source;
  manifest.optionalDependencies = Object.fromEntries(
    platforms.map((platform) => [`@kms-emulator/${platform}`, manifest.version]),
  );
  writeJson(path.join(directory, 'package.json'), manifest);
  fs.cpSync(path.join(PACKAGE, 'dist'), path.join(directory, 'dist'), { recursive: true });
  fs.copyFileSync(path.join(PACKAGE, 'README.md'), path.join(directory, 'README.md'));
  fs.copyFileSync(LICENSE, path.join(directory, 'LICENSE'));
  return manifest;
}

/** Packs directories, and prints the files in each package. */
function pack(directories, destination) {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', destination, ...directories]);
  // npm 12 returns an object with a member for each package, and older versions an array.
  for (const { filename, size, files } of Object.values(JSON.parse(output.toString()))) {
    console.log(`${filename} (${size} bytes)`);
    for (const file of files) {
      console.log(`  ${file.path}`);
    }
  }
}

function main() {
  const options = { to: { type: 'string', default: path.join(REPOSITORY, 'target/npm') } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const binaries = Object.fromEntries(positionals.map((argument) => argument.split(/=(.*)/s, 2)));
  const platforms = Object.keys(binaries);
  const unknown = platforms.filter((platform) => !(platform in PLATFORMS));
  if (unknown.length > 0) {
    throw new Error(`unknown platform ${unknown[0]}; the platforms are ${Object.keys(PLATFORMS).join(', ')}`);
  }

  const destination = path.resolve(values.to);
  const directories = Object.fromEntries(
    ['kms-emulator', ...platforms].map((name) => [name, path.join(destination, 'packages', name)]),
  );
  fs.rmSync(path.join(destination, 'packages'), { recursive: true, force: true });
  for (const directory of Object.values(directories)) {
    fs.mkdirSync(directory, { recursive: true });
  }
  for (const name of fs.readdirSync(destination).filter((name) => name.endsWith('.tgz'))) {
    fs.rmSync(path.join(destination, name));
  }
  const manifest = writeMainPackage(directories['kms-emulator'], platforms);
  for (const platform of platforms) {
    writePlatformPackage(directories[platform], platform, manifest, binaries[platform]);
  }
  pack(Object.values(directories), destination);
}

main();
