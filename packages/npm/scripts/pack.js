// Makes the npm packages in build/: the main package, and one for each platform. Those of platforms whose binary is given
// are packed; of the others only package.json and README.md are made. Prints the files in each tarball.
//   node scripts/pack.js [PLATFORM=BINARY...]        for example linux-x64=target/portable/kms-emulator
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { cargoVersion } = require('./version');

const PACKAGE = path.join(__dirname, '..');
const BUILD = path.join(PACKAGE, 'build');
const LICENSE = path.join(PACKAGE, '../../LICENSE');

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

/** Makes an empty directory for a package. */
function directoryFor(name) {
  const directory = path.join(BUILD, name);
  fs.mkdirSync(directory, { recursive: true });
  return directory;
}

/** The package of a platform: the binary with its metadata. */
function platformPackage(platform, version, license, binary) {
  const directory = directoryFor(platform);
  const [os, cpu] = platform.split('-');
  const title = PLATFORMS[platform];
  writeJson(path.join(directory, 'package.json'), {
    name: `@kms-emulator/${platform}`,
    version,
    description: `The program of kms-emulator for ${title}`,
    license,
    os: [os],
    cpu: [cpu],
    files: ['bin'],
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
  if (binary !== undefined) {
    const program = path.join(directory, 'bin', os === 'win32' ? 'kms-emulator.exe' : 'kms-emulator');
    fs.mkdirSync(path.dirname(program));
    fs.copyFileSync(binary, program);
    fs.chmodSync(program, 0o755);
  }
  return directory;
}

/** The main package, without what only its development needs. */
function mainPackage(version) {
  const directory = directoryFor('kms-emulator');
  const { scripts, devDependencies, ...manifest } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
  // These cannot be in the package.json of the source: npm could not install its development dependencies before they
  // are published.
  const optionalDependencies = Object.fromEntries(
    Object.keys(PLATFORMS).map((platform) => [`@kms-emulator/${platform}`, version]),
  );
  writeJson(path.join(directory, 'package.json'), { ...manifest, version, optionalDependencies });
  fs.cpSync(path.join(PACKAGE, 'dist'), path.join(directory, 'dist'), { recursive: true });
  fs.copyFileSync(path.join(PACKAGE, 'README.md'), path.join(directory, 'README.md'));
  fs.copyFileSync(LICENSE, path.join(directory, 'LICENSE'));
  return { directory, license: manifest.license };
}

function pack(directory) {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', BUILD, directory], { encoding: 'utf8' });
  const [{ filename, size, files }] = JSON.parse(output);
  console.log(`${filename}, ${size} bytes: ${files.map((file) => file.path).join(' ')}`);
}

function main(argv) {
  const binaries = Object.fromEntries(argv.map((argument) => argument.split(/=(.*)/s, 2)));
  const unknown = Object.keys(binaries).filter((platform) => !(platform in PLATFORMS));
  if (unknown.length > 0) {
    throw new Error(`unknown platforms: ${unknown}; there are ${Object.keys(PLATFORMS)}`);
  }
  const version = cargoVersion();
  fs.rmSync(BUILD, { recursive: true, force: true });
  const { directory, license } = mainPackage(version);
  pack(directory);
  for (const platform of Object.keys(PLATFORMS)) {
    const made = platformPackage(platform, version, license, binaries[platform]);
    if (platform in binaries) {
      pack(made);
    }
  }
}

main(process.argv.slice(2));
