import { quoteForShell } from '../errors/quote-for-shell.ts';

/**
 * Finder runs this with the selected files as arguments. It writes a transcript next to each, under a free name. A
 * notification reports the end. Errors appear in the dialogue that Automator shows for an exit code.
 */
export function transcribeScript({
  launcher,
  format,
}: {
  readonly launcher: string;
  readonly format: 'txt' | 'srt';
}): string {
  return `hearth=${quoteForShell(launcher)}
ending=${format}
# So that a name is cut between two characters.
LC_ALL=en_US.UTF-8
written=0
failed=0

choose_output() {
  folder=\${1%/*}
  name=\${1##*/}
  stem=\${name%.*}
  [ -n "$stem" ] || stem=$name
  suffix=
  number=2
  name_output
  while [ -e "$output" ] || [ -L "$output" ]; do
    suffix=" $number"
    number=$((number + 1))
    name_output
  done
}

# No file system that people use takes more than 255 bytes.
name_output() {
  while [ "$(printf %s "$stem$suffix.$ending" | wc -c)" -gt 255 ]; do stem=\${stem%?}; done
  output=$folder/$stem$suffix.$ending
}

for recording in "$@"; do
  choose_output "$recording"
  if "$hearth" transcribe --quiet --format "$ending" --output "$output" -- "$recording"; then
    written=$((written + 1))
  else
    failed=$((failed + 1))
  fi
done

if [ "$written" -gt 0 ]; then
  if [ "$written" -eq 1 ] && [ "$#" -eq 1 ]; then told=\${output##*/}; else told="$written of $# recordings"; fi
  # The text is an argument and no part of the script, whatever a file is called.
  osascript -e 'on run {heading, told}' -e 'display notification told with title heading' -e 'end run' \\
    Transcribed "$told" >/dev/null 2>&1 || true
fi
[ "$failed" -eq 0 ]
`;
}
