import { readFileSync } from 'node:fs';

const magic64 = 0xfeedfacf;
const cpuArm64 = 0x0100000c;
const fileTypes = { 2: 'executable', 6: 'dylib', 8: 'bundle' };
const commands = {
  symbolTable: 0x2,
  loadDylib: 0xc,
  loadWeakDylib: 0x80000018,
  idDylib: 0xd,
  runPath: 0x8000001c,
  codeSignature: 0x1d,
  buildVersion: 0x32,
};
const symbolFlags = { stab: 0xe0, privateExternal: 0x10, type: 0x0e, external: 0x01 };

/**
 * What the macOS loader reads from a 64-bit ARM file: what it loads, from where, what it needs and what it exports.
 * @param {string} path
 * @returns {{ type: string, id: string | null, libraries: string[], runPaths: string[], minimumMacos: string | null,
 *   isSigned: boolean, undefinedSymbols: string[], exportedSymbols: string[] }}
 */
export function readMachO(path) {
  const file = readFileSync(path);
  if (file.length < 32 || file.readUInt32LE(0) !== magic64 || file.readUInt32LE(4) !== cpuArm64) {
    throw new Error(`Expected a 64-bit ARM file of macOS at ${path}, got another.`);
  }
  const found = {
    type: fileTypes[file.readUInt32LE(12)] ?? 'other',
    id: null,
    libraries: [],
    runPaths: [],
    minimumMacos: null,
    isSigned: false,
    undefinedSymbols: [],
    exportedSymbols: [],
  };
  for (const { command, offset } of loadCommands(file)) readCommand({ file, command, offset, found });
  return found;
}

function* loadCommands(file) {
  let offset = 32;
  for (let count = file.readUInt32LE(16); count > 0; count -= 1) {
    yield { command: file.readUInt32LE(offset), offset };
    offset += file.readUInt32LE(offset + 4);
  }
}

function readCommand({ file, command, offset, found }) {
  const stringAt = (field) => readString(file, offset + file.readUInt32LE(offset + field));
  if (command === commands.loadDylib || command === commands.loadWeakDylib) found.libraries.push(stringAt(8));
  if (command === commands.idDylib) found.id = stringAt(8);
  if (command === commands.runPath) found.runPaths.push(stringAt(8));
  if (command === commands.codeSignature) found.isSigned = true;
  if (command === commands.buildVersion) {
    const version = file.readUInt32LE(offset + 12);
    found.minimumMacos = `${version >>> 16}.${(version >>> 8) & 0xff}`;
  }
  if (command === commands.symbolTable) readSymbols({ file, offset, found });
}

function readSymbols({ file, offset, found }) {
  const [symbols, count, strings] = [8, 12, 16].map((field) => file.readUInt32LE(offset + field));
  for (let index = 0; index < count; index += 1) {
    const entry = symbols + index * 16;
    const flags = file[entry + 4];
    const isHidden = flags & (symbolFlags.stab | symbolFlags.privateExternal) || !(flags & symbolFlags.external);
    if (isHidden) continue;
    const name = readString(file, strings + file.readUInt32LE(entry));
    const isDefined = (flags & symbolFlags.type) !== 0;
    (isDefined ? found.exportedSymbols : found.undefinedSymbols).push(name);
  }
}

function readString(file, offset) {
  return file.toString('utf8', offset, file.indexOf(0, offset));
}
