import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { RequestError } from "../api/errors";

/** A value, and the name under which it was found. */
export interface Setting {
  name: string;
  value: string;
}

/** Far more than any file holds that is read here. */
const MAX_BYTES = 1024 * 1024;

/** What a file holds, or what is wrong with it, as the end of a sentence that begins with its name. */
export type FileContent = { text: string } | { problem: string; isAbsent: boolean };

/** Reads a text in UTF-8. A pipe or a device is not opened, because reading it may never end. */
export function readTextFile(path: string): FileContent {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return { problem: "can't be read, because it is a folder", isAbsent: true };
    if (!found.isFile()) return unusable("is not a regular file");
    if (found.size > MAX_BYTES) return unusable("is larger than 1 MiB");
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    // UTF-16 has NUL characters here.
    if (text.includes("\0")) return unusable("is not in UTF-8; save it in that encoding");
    if (/\r(?!\n|$)/.test(text)) return unusable("has lines that end in CR only; save it with LF or CRLF");
    return { text };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { problem: missing ? "does not exist" : "can't be read", isAbsent: true };
  }
}

function unusable(problem: string): FileContent {
  return { problem, isAbsent: false };
}

/** A file in the home folder; undefined where nothing tells where that is. */
export function inHome(environment: NodeJS.ProcessEnv, ...path: string[]): string | undefined {
  try {
    return join(environment.HOME || homedir(), ...path);
  } catch {
    // A user ID without an entry in the list of users.
    return undefined;
  }
}

/** The ID token in a file, which its issuer may write anew at any time. `name` is the setting that names it. */
export function readIdToken({ name, value: path }: Setting): string {
  const content = readTextFile(path);
  const token = "text" in content ? content.text.trim() : "";
  if (token !== "") return token;
  throw new RequestError({
    reason: `the file that ${name} names ${"problem" in content ? content.problem : "is empty"}`,
    advice: "Have your identity provider write an ID token to it, or unset it.",
    retry: "never",
  });
}
