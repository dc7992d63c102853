import Type from 'typebox';
import { type TextFormatName, textFormatNames } from '../../formats/formats.ts';

/** The `format` of tools that return a transcript. */
export const FormatSchema = Type.Optional(
  Type.Unsafe<TextFormatName>({
    type: 'string',
    enum: textFormatNames,
    default: 'txt',
    description: 'Plain text, subtitles, a table with times in milliseconds, all data, Markdown, or lyrics with times.',
  }),
);
