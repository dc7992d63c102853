/** The progress of a transcription. */
export interface Progress {
  phase: "sending" | "waiting" | "loading" | "transcribing" | "reconnecting";
  /** Number of jobs before it while it waits; null if unknown. */
  position: number | null;
  /** Share done of sending, loading the model or transcribing, 0 to 1; null if unknown. */
  share: number | null;
  secondsLeft: number | null;
  /** The settled text, and the text after it that may still change. */
  text: string;
  partialText: string;
}

export const noProgress: Progress = {
  phase: "sending",
  position: null,
  share: null,
  secondsLeft: null,
  text: "",
  partialText: "",
};

/** Progress in a few words: `42 % · 12 s left`. */
export function describeProgress({ phase, position, share, secondsLeft }: Progress): string {
  const percent = share === null ? [] : [formatPercent(share)];
  if (phase === "sending") return ["Sending", ...percent].join(" ");
  if (phase === "loading") return ["Loading the model", ...percent].join(" ");
  if (phase === "reconnecting") return "Hearth stopped. Waiting for it to restart";
  if (phase === "waiting") return describeWaiting(position);
  if (share === null) return "0%";
  return [...percent, ...(secondsLeft === null ? [] : [`${describeSeconds(secondsLeft)} left`])].join(" · ");
}

function describeWaiting(position: number | null): string {
  if (position === null) return "Waiting";
  return position === 0 ? "Starting" : `Waiting for ${position} other job${position > 1 ? "s" : ""}`;
}

/** A share from 0 to 1: `42%`. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A duration for people: `8 s`, `3 min`, `1 h 5 min`. */
export function describeSeconds(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
