import { quoteForShell } from '../mac/quote-for-shell.ts';

/**
 * What Finder runs with the selected files as arguments: a transcript beside each, under a name that nobody has yet. A
 * notification tells the end; what fails ends up in the dialogue that Automator shows for an exit code.
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
written=0
failed=0

choose_output() {
  folder=\${1%/*}
  name=\${1##*/}
  stem=\${name%.*}
  [ -n "$stem" ] || stem=$name
  output=$folder/$stem.$ending
  number=2
  while [ -e "$output" ] || [ -L "$output" ]; do
    output="$folder/$stem $number.$ending"
    number=$((number + 1))
  done
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
