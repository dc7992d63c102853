import { readFileSync } from 'node:fs';

export interface Tensor {
  readonly dtype: 'F32' | 'F16' | 'U32' | 'I32' | 'I64';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

interface HeaderEntry {
  readonly dtype: Tensor['dtype'];
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A .safetensors file: the length of a JSON header, the header, the tensors' bytes. */
export function buildSafetensorsFile(tensors: ReadonlyMap<string, Tensor>): Buffer {
  let offset = 0;
  const header: Record<string, HeaderEntry> = {};
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const json = JSON.stringify(header);
  const headerBytes = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerBytes.length));
  return Buffer.concat([length, headerBytes, ...[...tensors.values()].map(({ bytes }) => bytes)]);
}

/** The float32 tensors of a .safetensors file, flat. */
export function readFloatTensors(path: string | URL): Map<string, Float32Array> {
  return new Map(
    readTensors(path)
      .filter(({ dtype }) => dtype === 'F32')
      .map(({ name, bytes }) => [name, new Float32Array(bytes.buffer)]),
  );
}

/** The bytes of each tensor of a .safetensors file. */
export function readTensorBytes(path: string | URL): Map<string, Uint8Array> {
  return new Map(readTensors(path).map(({ name, bytes }) => [name, bytes]));
}

function readTensors(path: string | URL) {
  const file = readFileSync(path);
  const dataStart = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: _, ...header } = JSON.parse(file.toString('utf8', 8, dataStart)) as Record<string, HeaderEntry>;
  return Object.entries(header).map(
    ([
      name,
      {
        dtype,
        data_offsets: [start, end],
      },
    ]) => ({
      name,
      dtype,
      bytes: Uint8Array.from(file.subarray(dataStart + start, dataStart + end)),
    }),
  );
}
