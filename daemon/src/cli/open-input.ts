import type { AddressBook } from './addresses/address-book.ts';
import { type OpenRecording, openRecording, recordingName } from './open-recording.ts';

export interface OpenInputRequest {
  readonly addresses: AddressBook | null;
  readonly signal: AbortSignal | undefined;
  readonly onStart: (note?: string) => void;
  readonly onShare: (share: number) => void;
}

/** Opens a recording for sending; one at an address is downloaded first. @throws what each of them throws */
export async function openInput(
  input: string,
  { addresses, signal, onStart, onShare }: OpenInputRequest,
): Promise<OpenRecording> {
  if (addresses?.has(input) !== true) {
    const recording = await openRecording(input, { signal });
    onStart();
    return recording;
  }
  onStart('downloading');
  const recording = await openRecording(await addresses.download(input, onShare), { signal });
  return { ...recording, name: recordingName(input) };
}
