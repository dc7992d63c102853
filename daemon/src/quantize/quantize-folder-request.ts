import type { Native } from '@hearth/native';
import type { QuantizeCommand, QuantizeEvent } from '../protocol/quantize-messages.ts';

export interface QuantizeFolderRequest {
  readonly native: Native;
  readonly command: QuantizeCommand;
  readonly signal: AbortSignal;
  readonly onProgress: (event: QuantizeEvent) => void;
}
