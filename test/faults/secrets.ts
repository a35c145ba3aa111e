import { AsyncLocalStorage } from "node:async_hooks";
import { format } from "node:util";
import debug from "debug";

const everyCharacter = (text: string, spell: (code: number) => string) =>
  [...Buffer.from(text)].map((code) => spell(code)).join("");
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
const NAMED: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** The ways in which servers write down what they were sent. */
export const SPELLINGS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
  "JSON by code": (text) => everyCharacter(text, (code) => `\\u${hex(code, 4)}`),
  percent: (text) => encodeURIComponent(text),
  "percent in lower case": (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  "percent throughout": (text) => everyCharacter(text, (code) => `%${hex(code, 2)}`),
  form: (text) => new URLSearchParams({ text }).toString().slice("text=".length),
  "HTML by name": (text) => text.replace(/[&<>"']/g, (character) => NAMED[character] ?? ""),
  "HTML by number": (text) => everyCharacter(text, (code) => `&#${code};`),
  "HTML by hex number": (text) => everyCharacter(text, (code) => `&#x${hex(code, 2)};`),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 of user:password": (text) => Buffer.from(`admin:${text}`).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in capitals": (text) => Buffer.from(text).toString("hex").toUpperCase(),
};

/** So much of a secret tells something: a part that a message cuts off is a leak as well. */
const TELLING = 10;

/** All that must not be shown, in every spelling. */
export class Secrets {
  private readonly pieces = new Map<string, string[]>();

  add(...secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret !== "" && !this.pieces.has(secret)) this.pieces.set(secret, piecesOf(secret));
    }
  }

  /** The piece of a secret that a text shows, if it does. */
  foundIn(text: string): string | undefined {
    for (const pieces of this.pieces.values()) {
      const found = pieces.find((piece) => text.includes(piece));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function piecesOf(secret: string): string[] {
  const ends = [secret.slice(0, TELLING), secret.slice(-TELLING)];
  const plain = Object.entries(SPELLINGS).filter(([name]) => !name.startsWith("base64"));
  const spelled = ends.flatMap((end) => plain.map(([, spell]) => spell(end)));
  return [...new Set([...spelled, ...ends.flatMap(base64Pieces)])];
}

/** What base64 makes of a text, wherever in a longer text it stands: without the characters that its neighbors share. */
function base64Pieces(text: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from(" ".repeat(offset) + text).toString("base64url");
    const piece = encoded.slice(offset === 0 ? 0 : offset + 1, -2);
    return [piece, piece.replaceAll("-", "+").replaceAll("_", "/")];
  });
}

/** Everything that an error shows to whoever prints it. */
export function shownBy(error: unknown): string {
  if (!(error instanceof Error)) return format(error);
  const reasons = "reasons" in error ? format(error.reasons) : "";
  return [error.message, error.stack, String(error), reasons].join("\n");
}

const sink = new AsyncLocalStorage<string[]>();

/** Turns on the provider's debug log, and sends it and the console to the life that is running. */
export function captureOutput(): () => void {
  const { log } = debug;
  const { error } = console;
  const collect = (...args: unknown[]) => void sink.getStore()?.push(format(...args));
  debug.log = collect;
  console.error = collect;
  const enabled = debug.disable();
  debug.enable("huaweicloud-sessions:*,-huaweicloud-sessions:emulator");
  return () => {
    debug.log = log;
    console.error = error;
    debug.enable(enabled);
  };
}

/** Runs a life whose output goes to `lines`. */
export function collecting<T>(lines: string[], work: () => Promise<T>): Promise<T> {
  return sink.run(lines, work);
}
