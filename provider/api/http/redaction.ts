// The whole package would load its encoders as well, and each run of Pulumi waits for that.
import { decodeHTML } from "entities/lib/decode.js";

/** Text of a server is cut to this length before anything else looks at it, so that no text can cost time. */
const MAX_READ = 1_000;
const MAX_SHOWN = 200;

/** A part of a secret this long tells enough of it; a shorter secret counts as a whole. */
const FRAGMENT = 4;

/** Random IDs share a few characters with random secrets by chance. */
const ID_FRAGMENT = 8;

/** The spellings in which a server may echo what it was sent. */
const DECODERS: ((text: string) => string)[] = [
  (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  (text) => text.replace(/\\(.)/g, "$1"),
  (text) => text.replace(/\+/g, " "),
  // Byte by byte, because a text that was cut may end within a character.
  (text) => decodeBytes(text, /(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex")),
  (text) => decodeHTML(text),
  (text) => decodeBytes(text, /(?:[0-9a-f]{2}){4,}/gi, (run) => Buffer.from(run, "hex")),
  ...[0, 1, 2, 3].map(
    (skip) => (text: string) =>
      decodeBytes(text, /[\w+/-]{6,}={0,2}/g, (run) => Buffer.from(run.slice(skip), "base64")),
  ),
];

/** What of an answer may be shown. */
export interface Redactor {
  /** The part of a text that repeats no secret. */
  show(text: unknown): string;
  /** A code or an ID. */
  showId(text: unknown): string;
}

export function redactorOf(secrets: readonly (string | undefined)[]): Redactor {
  return { show: (text) => showable(text, secrets), showId: (text) => showableId(text, secrets) };
}

/**
 * The part of a server's free text that may be shown: one line without control characters, cut to 200
 * characters; empty where it repeats a secret, or a part of one, in any spelling.
 */
export function showable(text: unknown, secrets: readonly (string | undefined)[]): string {
  if (typeof text !== "string") return "";
  const read = text.slice(0, MAX_READ);
  if (reveals(read, secrets)) return "";
  const line = read
    // Control characters, and those that change the direction of a text.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}

/** A code or an ID of a server; empty where it looks otherwise, or repeats a secret. */
function showableId(text: unknown, secrets: readonly (string | undefined)[]): string {
  const isId = typeof text === "string" && /^[\w.-]{1,64}$/.test(text);
  return isId && !reveals(text, secrets, ID_FRAGMENT) ? text : "";
}

/** Whether a text holds a secret or a part of one, also when it was encoded once or twice. */
function reveals(text: string, secrets: readonly (string | undefined)[], length = FRAGMENT): boolean {
  const plain = secrets.flatMap((secret) => (secret ? comparable(secret) : []));
  if (plain.length === 0) return false;
  const fragments = new Set(plain.flatMap((secret) => windowsOf(secret, length)));
  const short = plain.filter((secret) => secret.length < length);
  const once = DECODERS.map((decode) => decode(text));
  const twice = once.flatMap((decoded) => DECODERS.map((decode) => decode(decoded)));
  const found = new Set([text, ...once, ...twice].map(comparable));
  return [...found].some(
    (spelling) =>
      windowsOf(spelling, length).some((window) => fragments.has(window)) ||
      // Random IDs hold any short text by chance.
      short.some((secret) => (length === ID_FRAGMENT ? spelling === secret : spelling.includes(secret))),
  );
}

/** All parts of a text that have a length. */
function windowsOf(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}

/** Without what a server may change on the way: case, white space and control characters. */
function comparable(text: string): string {
  const plain = text.toLowerCase().replace(/[\p{Cc}\p{Cf}\s]/gu, "");
  // A secret of white space alone is compared as it is.
  return plain === "" ? text : plain;
}

function decodeBytes(text: string, runs: RegExp, decode: (run: string) => Buffer): string {
  return text.replace(runs, (run) => decode(run).toString("utf8"));
}
