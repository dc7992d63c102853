/** Yields each complete line of a byte stream, parsed as JSON. */
export async function* readJsonLines<Line>(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let unfinished = "";
  for await (const bytes of stream) {
    const lines = (unfinished + decoder.decode(bytes, { stream: true })).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") yield JSON.parse(line) as Line;
    }
  }
}
