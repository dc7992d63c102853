import { BlockList, isIP } from 'node:net';

/** The addresses in `NO_PROXY` that are written as networks (`10.0.0.0/8`), as curl and Python's clients read them. */
export function exemptNetworks(noProxy: string): { has(url: URL): boolean } {
  const networks = new BlockList();
  for (const entry of noProxy.split(/[,\s]+/)) {
    const [, address = '', length = ''] = /^\[?([\d.]+|[\da-f:.]+)\]?\/(\d+)$/i.exec(entry) ?? [];
    const version = isIP(address);
    if (version === 4 && Number(length) <= 32) networks.addSubnet(address, Number(length), 'ipv4');
    if (version === 6 && Number(length) <= 128) networks.addSubnet(address, Number(length), 'ipv6');
  }
  return {
    has({ hostname }) {
      const address = hostname.replace(/^\[|\]$/g, '');
      const version = isIP(address);
      return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
