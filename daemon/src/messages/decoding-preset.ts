/** How many windows are decoded together: the more, the faster long recordings are, and the more memory it takes. */
export type DecodingPreset = 'auto' | 'lowMemory' | 'balanced' | 'maxSpeed';
