/** Something that turns recordings into text and stays warm between them. */
export interface Contender {
  readonly name: string;
  /** All processes that work for it. */
  readonly processIds: () => readonly number[];
  transcribe(path: string): Promise<string>;
  close(): Promise<void>;
}
