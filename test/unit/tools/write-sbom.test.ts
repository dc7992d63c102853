import { expect, test } from '@jest/globals';
import { addWheels } from '../../../tools/write-sbom.mjs';

test('wheels stand beside the packages of npm, each once with all its hashes', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
  const sbom = { bomFormat: 'CycloneDX', components: [{ name: 'fastify' }] };
  const requirements = [`mlx-cpu==0.32.4 --hash=sha256:${a}\n# words\n`, `mlx-cpu==0.32.4 --hash=sha256:${b}\n`];
  expect(addWheels(sbom, requirements)).toEqual({
    bomFormat: 'CycloneDX',
    components: [
      { name: 'fastify' },
      {
        ...{ 'bom-ref': 'pkg:pypi/mlx-cpu@0.32.4', type: 'library', name: 'mlx-cpu', version: '0.32.4' },
        purl: 'pkg:pypi/mlx-cpu@0.32.4',
        hashes: [
          { alg: 'SHA-256', content: a },
          { alg: 'SHA-256', content: b },
        ],
      },
    ],
  });
});
