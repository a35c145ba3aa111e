import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SessionCount, SessionCounts } from "./expiringStore";
import type { RecordedRequest } from "./history";
import { json, type Reply } from "./http";

const SHOWN = 50;

/** The page at the emulator's address. It may load nothing but what it asks the emulator for, and be in no frame. */
export async function overviewPage(): Promise<Reply> {
  const folder = dirname(require.resolve("pulumi-huaweicloud-sessions-emulator/package.json"));
  const headers = {
    "Content-Type": "text/html;charset=UTF-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy":
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  };
  return { status: 200, headers, body: await readFile(join(folder, "page.html"), "utf8") };
}

/** What the page shows: nothing that anybody could log in with. */
export function overview(sessions: SessionCounts, requests: readonly RecordedRequest[]): Reply {
  const isShown = ({ on }: RecordedRequest) => on !== "control";
  return json(200, {
    sessions: { webCli: countsOf(sessions.webCli), cas: countsOf(sessions.cas) },
    requests: requests.filter(isShown).slice(-SHOWN).reverse().map(withoutSecrets),
  });
}

function countsOf({ open, ...others }: SessionCount) {
  return { open: open.length, ...others };
}

/** Tickets stand in queries, and sessions behind a semicolon. */
function withoutSecrets({ at, on, method, path, status }: RecordedRequest) {
  return { at, on, method, path: path.replace(/[?;].*/s, ""), status };
}
