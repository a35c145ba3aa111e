import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(__dirname, "..");
const LINE_HEIGHT = 18;
const WIDTH = 900;

interface Line {
  text: string;
  /** Seconds since the start. */
  at: number;
}

/** Runs `npm start` and keeps its lines with their times, without what differs from machine to machine. */
async function recorded(): Promise<Line[]> {
  const started = Date.now();
  const child = spawn("npm", ["start", "--silent"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const lines: Line[] = [];
  for await (const raw of createInterface({ input: child.stdout })) {
    const text = raw
      .replace(/^(Pulumi \S+): .*/, "$1")
      .replaceAll(/\bhuaweicloud-sessions-quickstart-run-\w+/g, "huaweicloud-sessions-quickstart")
      .replaceAll(/run-[0-9a-f]{12}/g, "run")
      .trimEnd();
    const told = text !== "" || (lines.at(-1)?.text ?? "") !== "";
    if (told && !/stack rm|history and configuration|npm warn|^@ \w+ing\.+$/.test(text)) {
      lines.push({ text, at: (Date.now() - started) / 1000 });
    }
  }
  const [code] = await closed;
  if (code !== 0) throw new Error("`npm start` failed, so docs/start.svg stays as it is.");
  return lines;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function colour(text: string): string {
  if (/sessions open$/.test(text)) return "#e5c07b";
  if (/^ \+ /.test(text)) return "#98c379";
  return /^ - /.test(text) ? "#e06c75" : "#abb2bf";
}

/** A terminal window in which the lines appear when they came; a viewer without animation sees them all. */
function svg(lines: Line[]): string {
  const height = (lines.length + 3) * LINE_HEIGHT;
  const rows = [{ text: "$ npm start", at: 0 }, ...lines].map(({ text, at }, index) => {
    const y = (index + 2) * LINE_HEIGHT;
    const style = `style="animation-delay:${at.toFixed(2)}s"`;
    return `<text class="l" ${style} x="16" y="${y}" fill="${colour(text)}">${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
<title>npm start in a terminal</title>
<style>
text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; white-space: pre; }
.l { animation: come 0.01s both; }
@keyframes come { from { opacity: 0; } to { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .l { animation: none; } }
</style>
<rect width="${WIDTH}" height="${height}" rx="8" fill="#282c34"/>
${rows.join("\n")}
</svg>
`;
}

async function main(): Promise<void> {
  const lines = await recorded();
  writeFileSync(join(ROOT, "docs/start.svg"), svg(lines));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
