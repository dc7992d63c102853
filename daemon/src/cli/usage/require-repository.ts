import { InvalidArgumentError } from 'commander';
import { shorten } from '../../errors/shorten.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { readCatalogue } from '../../models/catalogue.ts';
import { isRepository } from '../../protocol/repository-name.ts';

/** OpenAI's own short names. */
const shortNames: Readonly<Record<string, string>> = { large: 'large-v3', turbo: 'large-v3-turbo' };

/** @throws for what is no `owner/name`, with the one that was likely meant */
export function requireRepository(given: string): string {
  if (isRepository(given)) return given;
  const meant = likelyRepository(given);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new InvalidArgumentError(`Expected owner/name, got "${shorten(visibleText(given))}".${hint}`);
}

/** The one in an address of the Hub, or one of the catalogue with a model of this name. */
function likelyRepository(given: string): string | undefined {
  const inAddress = /^https?:\/\/[^/]+\/([^/]+\/[^/?#]+)/.exec(given)?.[1];
  if (inAddress !== undefined && isRepository(inAddress)) return inAddress;
  const name = given.toLowerCase().replace(/^(openai[/-])?(whisper-)?/, '');
  const model = shortNames[name] ?? name;
  return readCatalogue().entries.find((entry) => entry.model === model && isRepository(entry.name))?.name;
}
