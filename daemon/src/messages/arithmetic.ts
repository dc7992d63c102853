/** How a CPU multiplies: `exact` as openai/whisper does, or with many rows in 8 bits, faster and a little off. */
export type Arithmetic = 'exact' | 'int8';
