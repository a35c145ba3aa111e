import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Definition, definitions } from "../../provider/definitions";

const ROOT = join(__dirname, "../..");

/** What a message names and its text in the source does not: arguments, settings, statuses, and codes. */
const ARGUMENTS = Object.values<Definition>(definitions).flatMap(({ args }) => Object.keys(args));
const VALUE = new RegExp(
  `…|: |"|huaweicloud-sessions:\\w+|^(?:${ARGUMENTS.join("|")})\\b| [A-Z.]*\\d[\\w.]*`,
);

/** The package's source, with each text in one line and without the marks around names. */
function source(): string {
  const names = readdirSync(join(ROOT, "provider"), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".ts"));
  const texts = files.map((name) => readFileSync(join(ROOT, "provider", name), "utf8"));
  return texts
    .join("\n")
    .replaceAll(/["`]\s*\+\s*["`]/g, "")
    .replaceAll(/\\?`/g, "");
}

/** The messages of this package in the tables of docs/errors.md. */
function messages(): string[] {
  const [own = ""] = readFileSync(join(ROOT, "docs/errors.md"), "utf8").split("## Errors of Pulumi");
  const cells = own.split("\n").flatMap((line) => (line.startsWith("| `") ? line.split(" | ")[0] : []) ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message = ""]) => message));
}

describe("The page on errors", () => {
  it("quotes only messages that the source has", () => {
    const text = source();
    /** As it stands, or with a value between two of its words. */
    const isThere = (words: string) =>
      [...words.matchAll(/$| /g)].some(
        ({ index }) => text.includes(words.slice(0, index)) && text.includes(words.slice(index)),
      );
    const quoted = messages();
    assert.ok(quoted.length > 50);
    const unknown = quoted.filter((message) => !message.split(VALUE).every((words) => isThere(words.trim())));
    assert.deepEqual(unknown, []);
  });
});
