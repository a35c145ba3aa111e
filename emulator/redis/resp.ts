/** A parsed reply and where in the buffer it ended. */
export interface Parsed {
  readonly text: string;
  readonly isError: boolean;
  readonly end: number;
}

/** A command in RESP: an array of bulk strings. */
export function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

/** Reads one reply at `start`, or nothing while it is incomplete. */
export function parseReply(buffer: Buffer, start = 0): Parsed | undefined {
  const lineEnd = buffer.indexOf("\r\n", start);
  if (lineEnd < 0) {
    return undefined;
  }
  const kind = buffer.toString("latin1", start, start + 1);
  const line = buffer.toString("utf8", start + 1, lineEnd);
  const end = lineEnd + 2;
  if (kind === "$") {
    return parseBulk(buffer, Number(line), end);
  }
  if (kind === "*") {
    return parseArray(buffer, Number(line), end);
  }
  if (kind === "+" || kind === "-" || kind === ":") {
    return { text: line, isError: kind === "-", end };
  }
  throw new Error(`Redis answered with an unknown kind of reply: ${kind}`);
}

function parseBulk(buffer: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) {
    return { text: "nil", isError: false, end: start };
  }
  const end = start + length + 2;
  if (buffer.length < end) {
    return undefined;
  }
  return { text: buffer.toString("utf8", start, start + length), isError: false, end };
}

function parseArray(buffer: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) {
    return { text: "nil", isError: false, end: start };
  }
  const items: string[] = [];
  let end = start;
  while (items.length < length) {
    const item = parseReply(buffer, end);
    if (!item) {
      return undefined;
    }
    items.push(item.text);
    end = item.end;
  }
  return { text: items.join("\n"), isError: false, end };
}
