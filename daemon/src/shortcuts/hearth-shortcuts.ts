import { quoteForShell } from '../errors/quote-for-shell.ts';
import {
  outputOf,
  recordAudio,
  repeatEach,
  repeatItem,
  runShellScript,
  saveFile,
  setClipboard,
  setName,
  shortcutInput,
  showNotification,
  stopAndOutput,
} from './actions.ts';
import type { Shortcut } from './build-shortcut.ts';

/**
 * Hearth's shortcuts. Each runs the command line, which reads the files with the permissions of Shortcuts and sends
 * their bytes. The daemon has no permissions.
 */
export function hearthShortcuts(launcher: string): readonly Shortcut[] {
  return [transcribeAudio(launcher), transcribeToSubtitles(launcher), dictateToClipboard(launcher)];
}

function transcribeAudio(launcher: string): Shortcut {
  const transcribe = runShellScript('transcribe audio', { script: transcribeScript(launcher), input: shortcutInput });
  return {
    name: 'Transcribe Audio',
    takesRecordings: true,
    gives: 'text',
    actions: [transcribe, stopAndOutput(outputOf(transcribe, 'Shell Script Result'))],
  };
}

function transcribeToSubtitles(launcher: string): Shortcut {
  const transcribe = runShellScript('subtitles', {
    script: transcribeScript(launcher, '--format srt'),
    input: repeatItem,
  });
  const text = outputOf(transcribe, 'Shell Script Result');
  const named = setName('subtitles name', { input: text, source: repeatItem, ending: '.srt' });
  const saved = saveFile('subtitles file', outputOf(named, 'Renamed Item'));
  return {
    name: 'Transcribe to Subtitles',
    takesRecordings: true,
    gives: 'files',
    // The result of a loop, all its last outputs, is the shortcut's result.
    actions: [...repeatEach('subtitles loop', { input: shortcutInput, steps: [transcribe, named, saved] })],
  };
}

function dictateToClipboard(launcher: string): Shortcut {
  const recording = recordAudio('dictation');
  const transcribe = runShellScript('dictation text', {
    script: transcribeScript(launcher),
    input: outputOf(recording, 'Recorded Audio'),
  });
  const text = outputOf(transcribe, 'Shell Script Result');
  return {
    name: 'Dictate to Clipboard',
    takesRecordings: false,
    gives: 'text',
    actions: [recording, transcribe, setClipboard(text), showNotification({ title: 'Copied', body: text })],
  };
}

/** Failures are printed on standard error, which Shortcuts shows. */
function transcribeScript(launcher: string, options = ''): string {
  return `exec ${[quoteForShell(launcher), 'transcribe', '--quiet', options, '--', '"$@"'].filter(Boolean).join(' ')}\n`;
}
