// The packages of a release: the main package, and one for each platform, of which this machine can build only one.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

const LIMIT_MS = 60_000;
const PACK = path.join(process.env.PACKAGE_SOURCE, 'scripts/pack.js');
/** The version in Cargo.toml. */
const { VERSION } = process.env;

/** The platforms of a release, and the file name of the program. */
const PROGRAMS = {
  'darwin-arm64': 'kms-emulator',
  'darwin-x64': 'kms-emulator',
  'linux-arm64': 'kms-emulator',
  'linux-x64': 'kms-emulator',
  'win32-x64': 'kms-emulator.exe',
};

describe('packages of a release', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kms-emulator-'));
  let printed;

  before(() => {
    const program = path.join(directory, 'program');
    fs.writeFileSync(program, 'not a real program');
    const platforms = Object.keys(PROGRAMS).map((platform) => `${platform}=${program}`);
    printed = execFileSync('node', [PACK, '--to', directory, ...platforms], { encoding: 'utf8', timeout: LIMIT_MS });
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  const manifest = (name) => JSON.parse(fs.readFileSync(path.join(directory, 'packages', name, 'package.json'), 'utf8'));

  test('main package has the version of the crate, and one optional dependency for each platform', () => {
    const main = manifest('kms-emulator');
    const expected = Object.keys(PROGRAMS).map((platform) => [`@kms-emulator/${platform}`, VERSION]);
    assert.equal(main.version, VERSION);
    assert.deepEqual(main.optionalDependencies, Object.fromEntries(expected));
    assert.equal(main.dependencies, undefined);
    assert.equal(main.devDependencies, undefined);
    assert.equal(main.scripts, undefined);
  });

  for (const [platform, file] of Object.entries(PROGRAMS)) {
    test(`package of ${platform} has the program, and can be installed there only`, () => {
      const { name, version: own, os: systems, cpu, scripts, dependencies } = manifest(platform);
      const [system, architecture] = platform.split('-');
      assert.deepEqual(
        { name, own, systems, cpu, scripts, dependencies },
        {
          name: `@kms-emulator/${platform}`,
          own: VERSION,
          systems: [system],
          cpu: [architecture],
          scripts: undefined,
          dependencies: undefined,
        },
      );
      const tarball = `kms-emulator-${platform}-${VERSION}.tgz`;
      const files = ['LICENSE', 'README.md', `bin/${file}`, 'package.json'];
      assert.match(printed, new RegExp(`^${tarball} \\(\\d+ bytes\\)\\n  ${files.join('\\n  ')}\\n`, 'm'));
      const [mode] = execFileSync('tar', ['-tvzf', path.join(directory, tarball), `package/bin/${file}`], {
        encoding: 'utf8',
        timeout: LIMIT_MS,
      }).split(' ');
      assert.equal(mode, '-rwxr-xr-x');
    });
  }

  test('unknown platform is an error', () => {
    assert.throws(
      () => execFileSync('node', [PACK, '--to', directory, 'beos-x64=program'], { stdio: 'pipe', timeout: LIMIT_MS }),
      /unknown platform beos-x64; the platforms are linux-x64, /,
    );
  });
});
