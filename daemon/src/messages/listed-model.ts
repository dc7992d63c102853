/** A model on disk. */
export interface ListedModel {
  readonly name: string;
  readonly folder: string;
  /** `embedded` came with Hearth, `hub` was pulled, `folder` was put there. */
  readonly source: 'embedded' | 'hub' | 'folder';
  readonly byteCount: number;
  /** Whether jobs that name none use it. */
  readonly isDefault: boolean;
  readonly isResident: boolean;
}
