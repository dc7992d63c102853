import type { SessionUsage } from '@hearth/native';

/** What several sessions of one job took together. */
export interface UsageSum {
  add(usage: SessionUsage): void;
  total(): SessionUsage;
}

export function createUsageSum(): UsageSum {
  let sum: SessionUsage = {
    voiceActivitySeconds: 0,
    logMelSeconds: 0,
    encodeSeconds: 0,
    languageDetectionSeconds: 0,
    decodeSeconds: 0,
    promptSeconds: 0,
    decodeHostSeconds: 0,
    decodeDeviceSeconds: 0,
    alignSeconds: 0,
    windows: 0,
    windowSeconds: 0,
    decoderSteps: 0,
    tokens: 0,
    draftTokens: 0,
    acceptedDraftTokens: 0,
  };
  return {
    add(usage) {
      const names = Object.keys(sum) as (keyof SessionUsage)[];
      sum = Object.fromEntries(names.map((name) => [name, sum[name] + usage[name]])) as unknown as SessionUsage;
    },
    total: () => sum,
  };
}
