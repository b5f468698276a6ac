import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

const PLATFORM = `${process.platform}-${process.arch}`;
const FILE_NAME = process.platform === 'win32' ? 'kms-emulator.exe' : 'kms-emulator';

/**
 * Finds the program: at the path of the option, at that of `KMS_EMULATOR_BIN`, in the package of this platform, or in
 * `PATH`.
 *
 * @internal
 */
export function findBinary(option?: string): string {
  const given = option ?? (process.env['KMS_EMULATOR_BIN'] || undefined);
  if (given !== undefined) {
    if (!isProgram(given)) {
      const source = option === undefined ? 'KMS_EMULATOR_BIN' : 'the option `binary`';
      throw new Error(`kms-emulator: ${source} names ${given}, which is not a program`);
    }
    return given;
  }
  const found = fromPackage() ?? fromPath();
  if (found === undefined) {
    throw new Error(
      `kms-emulator: no program found for ${PLATFORM}. Install the optional dependency ` +
        `@kms-emulator/${PLATFORM}, or set KMS_EMULATOR_BIN to the path of a program`,
    );
  }
  return found;
}

function fromPackage(): string | undefined {
  try {
    return require.resolve(`@kms-emulator/${PLATFORM}/bin/${FILE_NAME}`);
  } catch {
    return undefined; // an unsupported platform, or installed without optional dependencies
  }
}

function fromPath(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute);
  return directories.map((directory) => path.join(directory, FILE_NAME)).find(isNative);
}

/** Whether a file is the program itself, and not the command of this package, which would start itself. */
function isNative(file: string): boolean {
  return isProgram(file) && !realpathSync(file).split(path.sep).includes('node_modules');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
