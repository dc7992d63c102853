import Type from 'typebox';
import { type FormatName, formats } from '../../formats/formats.ts';

export const formatNames = Object.keys(formats) as FormatName[];

/** The `format` of tools that return a transcript. */
export const FormatSchema = Type.Optional(
  Type.Unsafe<FormatName>({
    type: 'string',
    enum: formatNames,
    default: 'txt',
    description: 'Plain text, subtitles, a table with times in milliseconds, or all data.',
  }),
);
