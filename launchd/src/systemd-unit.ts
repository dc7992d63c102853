import type { ServiceDefinition } from './service.ts';

/** A systemd user unit with the same rules as the LaunchAgent. */
export function buildSystemdUnit({ command, environment, workingFolder, outputFile }: ServiceDefinition): string {
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`);
  return [
    '[Unit]',
    'Description=Hearth, speech to text that is always warm',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map((word) => quote(word.replaceAll('$', '$$$$'))).join(' ')}`,
    ...variables,
    `WorkingDirectory=${escapePercent(workingFolder)}`,
    `StandardOutput=append:${escapePercent(outputFile)}`,
    `StandardError=append:${escapePercent(outputFile)}`,
    'Restart=on-failure',
    'RestartSec=10',
    // Bad settings, which a restart does not fix.
    'RestartPreventExitStatus=78',
    'TimeoutStopSec=20',
    'UMask=0077',
    'LimitNOFILE=4096:524288',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** One word of a unit file: quoted, and with `%`, which starts a specifier, doubled. */
function quote(word: string): string {
  return `"${escapePercent(word).replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
