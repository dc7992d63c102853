// The layout of CUDA's fat binaries is not documented by NVIDIA. Every region begins with a header of 16 bytes, then come
// entries: a header that tells its own size, the size of the code behind it and the architecture of that code.
const regionMagic = Buffer.from([0x50, 0xed, 0x55, 0xba]);
const regionHeaderBytes = 16;

/**
 * Overwrites the GPU code of all architectures but one in a library with zeros, in place. The library keeps its size and
 * compresses to a fraction of it.
 * @param {Buffer} library
 * @param {number} architecture such as 90 for `sm_90`
 * @returns {{ kept: number, dropped: number }} bytes of GPU code
 */
export function dropGpuCode(library, architecture) {
  const bytes = { kept: 0, dropped: 0 };
  for (let at = library.indexOf(regionMagic); at !== -1; at = library.indexOf(regionMagic, at + 1)) {
    const headerBytes = library.readUInt16LE(at + 6);
    const end = at + headerBytes + Number(library.readBigUInt64LE(at + 8));
    if (headerBytes !== regionHeaderBytes || end > library.length) continue;
    dropFromRegion({ library, start: at + headerBytes, end, architecture, bytes });
  }
  return bytes;
}

function dropFromRegion({ library, start, end, architecture, bytes }) {
  for (let entry = start; entry + 64 <= end; ) {
    const codeStart = entry + library.readUInt32LE(entry + 4);
    const codeEnd = codeStart + Number(library.readBigUInt64LE(entry + 8));
    if (codeStart <= entry || codeEnd > end) return;
    if (library.readUInt32LE(entry + 28) === architecture) {
      bytes.kept += codeEnd - codeStart;
    } else {
      library.fill(0, codeStart, codeEnd);
      bytes.dropped += codeEnd - codeStart;
    }
    entry = codeEnd;
  }
}
