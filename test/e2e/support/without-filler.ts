/** A body without the white space of an answer that takes long, as on a busy machine: docs/protocol.md, "Long answers". */
export function withoutFiller(body: string): string {
  return body.replace(/^\n+/, '').replace(/^WEBVTT +/, 'WEBVTT');
}
