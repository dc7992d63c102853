import { crc32 } from 'node:zlib';
import type { Tensor } from './safetensors-file.ts';

const npyTypes: Record<Tensor['dtype'], string> = { F32: '<f4', F16: '<f2', U32: '<u4', I32: '<i4', I64: '<i8' };

/** A NumPy archive: a zip file of .npy files, uncompressed as `mx.savez` and `np.savez` write it. */
export function buildNpzFile(tensors: ReadonlyMap<string, Tensor>): Buffer {
  const records: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const fileName = Buffer.from(`${name}.npy`);
    const data = buildNpyFile(tensor);
    const described = describeFile(fileName, data);
    const record = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), described, Buffer.alloc(2), fileName, data]);
    const place = Buffer.alloc(16);
    place.writeUInt32LE(offset, 12);
    const version = Buffer.from([20, 0]);
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), version, described, place, fileName);
    records.push(record);
    offset += record.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(tensors.size, 8);
  end.writeUInt16LE(tensors.size, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...records, directoryBytes, end]);
}

/** What a record and its directory entry say alike: version, flags, method, time, checksum, sizes, name length. */
function describeFile(fileName: Buffer, data: Buffer): Buffer {
  const described = Buffer.alloc(24);
  described.writeUInt16LE(20, 0);
  described.writeUInt32LE(crc32(data), 10);
  described.writeUInt32LE(data.length, 14);
  described.writeUInt32LE(data.length, 18);
  described.writeUInt16LE(fileName.length, 22);
  return described;
}

function buildNpyFile({ dtype, shape, bytes }: Tensor): Buffer {
  const shapeText = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${npyTypes[dtype]}', 'fortran_order': False, 'shape': (${shapeText}), }`;
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), bytes]);
}
