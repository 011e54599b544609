import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Why a library could not be loaded, as a sentence with a blank after it, where the words of the system tell; `''` where
 * they don't, which is how they speak of one that isn't there.
 * @param words What the system said. @param path What was asked for. @param here Platform and processor of this Node.
 */
export function explainLoadFailure(words: string, path: string, here: string): string {
  if (/wrong ELF class|incompatible architecture|not a valid Win32|wrong architecture/i.test(words)) {
    return `It was built for another kind of processor or for 32 bits; this Node is ${here}. `;
  }
  if (/invalid ELF header|file too short|not a mach-o|read file data/i.test(words)) {
    return 'It is not a shared library. ';
  }
  const needed = missingDependency(words, path);
  if (needed !== undefined) return `It needs ${needed}, which is not there: install that, too. `;
  // Of a file for another processor the loader of Linux says that there is no such file.
  if (isForAnotherProcessor(path)) return `The file is there, for another kind of processor; this Node is ${here}. `;
  return '';
}

/** Another library that the one asked for is linked with and that the system did not find. */
function missingDependency(words: string, path: string): string | undefined {
  const found =
    /: ([^\s:]+): cannot open shared object file/.exec(words) ?? /Library not loaded: (?:@rpath\/)?(\S+)/.exec(words);
  return found && basename(found[1]) !== basename(path) ? found[1] : undefined;
}

/** Whether a file on Linux is for another processor than the program that runs. */
function isForAnotherProcessor(path: string): boolean {
  const [file, own] = [elfMachine(path), elfMachine(process.execPath)];
  return file !== undefined && own !== undefined && file !== own;
}

/** The processor of an ELF file, by the number that ELF gives it. */
function elfMachine(path: string): number | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(20);
      const isElf = readSync(file, head) === head.length && head.readUInt32BE(0) === 0x7f454c46;
      return isElf ? head.readUInt16LE(18) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
