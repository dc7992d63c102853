import { AvailableModel, ListedModel } from "../daemon/api";
import { Models, ResidentModel } from "../daemon/models";
import { languageName } from "../settings/languages";

/** A model of the list: on this Mac, in the catalogue, or both. */
export interface ModelEntry {
  name: string;
  here: ListedModel | null;
  /** What the catalogue says of it. */
  known: AvailableModel | null;
  inMemory: ResidentModel | null;
  /** What Hearth recommends it for, and why. */
  reason: string | null;
}

/** Those on this Mac first, in the daemon's order. */
export function entriesOf({ here, worthHaving, recommended, inMemory }: Models): ModelEntry[] {
  const entry = (name: string, listed: ListedModel | null): ModelEntry => ({
    name,
    here: listed,
    known: worthHaving.find((model) => model.name === name) ?? null,
    inMemory: inMemory.find((model) => model.folder === listed?.folder) ?? null,
    reason: recommended.find((model) => model.name === name)?.reason ?? null,
  });
  const missing = worthHaving.filter(({ name }) => !here.some((model) => model.name === name));
  return [...here.map((model) => entry(model.name, model)), ...missing.map(({ name }) => entry(name, null))];
}

/** Short enough to be told apart in a narrow list: `large-v3, 4-bit`; a model that the catalogue lacks has its name. */
export function titleOf({ name, known }: ModelEntry): string {
  return known === null ? name : `${known.model}, ${known.weights}`;
}

/** What is known of a model, one fact a line; what is not known is left out. */
export function factsOf({ here, known, inMemory, reason }: ModelEntry): [title: string, text: string][] {
  const languages = here?.languages ?? known?.languages ?? null;
  const translates = here?.translates ?? known?.translates ?? null;
  const neededBytes = here?.neededBytes ?? known?.memoryBytes ?? null;
  const diskBytes = here?.byteCount ?? known?.downloadBytes ?? null;
  const facts: [string, string | null][] = [
    [here === null ? "Download" : "Size on Disk", diskBytes === null ? null : describeBytes(diskBytes)],
    ["Memory on This Mac", neededBytes === null ? null : `${describeBytes(neededBytes)} at most`],
    ["Fits", here?.fits === false ? "No, this Mac has too little memory" : null],
    ["In Memory", inMemory && describeResident(inMemory)],
    ["Languages", languages && describeLanguages(languages)],
    ["Translates to English", translates === null ? null : translates ? "Yes" : "No"],
    ["Speed", known?.relativeSpeed == null ? null : `${known.relativeSpeed} times Whisper’s large model`],
    [
      "Word Errors",
      known?.accuracy == null ? null : `${known.accuracy.wordErrorRate} % (${known.accuracy.measuredOn})`,
    ],
    ["Recommended", reason],
    ["Revision", here?.revision?.slice(0, 12) ?? known?.revision?.slice(0, 12) ?? null],
    ["Update", here?.isOutdated ? "Download the new revision" : null],
  ];
  return facts.flatMap(([title, text]) => (text ? [[title, text]] : []));
}

function describeResident({ heldBytes, isInUse, isKept }: ResidentModel): string {
  const state = isInUse ? ", in use" : isKept ? ", kept" : "";
  return `${describeBytes(heldBytes)}${state}`;
}

function describeLanguages(codes: readonly string[]): string {
  const [only = ""] = codes;
  return codes.length === 1 ? languageName(only) : `${codes.length}`;
}

/** A size for people: `42 MB`, `1.6 GB`. */
export function describeBytes(byteCount: number): string {
  return byteCount < 1e9 ? `${Math.round(byteCount / 1e6)} MB` : `${(byteCount / 1e9).toFixed(1)} GB`;
}
