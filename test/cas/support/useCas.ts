import { backOff } from "exponential-backoff";
import { type Emulator, startEmulator } from "../../../emulator";
import { send } from "../../support/client";
import { type CasServer, startCas } from "../server/server";
import type { CasOptions } from "../server/settings";
import { SERVICE, type Target } from "./browser";

const START_LIMIT_MS = 200_000;

// A start takes half a minute, so suites that want the same server share it.
const running = new Map<string, Promise<CasServer>>();

function shared(options: CasOptions): Promise<CasServer> {
  const key = JSON.stringify(options);
  const server = running.get(key) ?? startCas(console.log, options);
  running.set(key, server);
  return server;
}

after("end the CAS servers", async () => {
  const servers = await Promise.allSettled(running.values());
  for (const server of servers) if (server.status === "fulfilled") await server.value.close();
});

/** A real CAS for the enclosing suite; the end of its output is shown with a test that fails. */
export function useCas(options: CasOptions = {}): () => CasServer {
  let server: CasServer | undefined;
  before("start CAS", async function () {
    this.timeout(START_LIMIT_MS);
    server = await shared(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.error(await server?.printed());
  });
  return () => {
    if (!server) throw new Error("CAS runs within tests only");
    return server;
  };
}

/** An emulator with the user, service and settings of a real CAS. */
export function useTwin(
  cas: () => CasServer,
  options: Pick<CasOptions, "confirmLogout" | "idleSeconds">,
): () => Target {
  let emulator: Emulator | undefined;
  let running: Target | undefined;
  before(async () => {
    const { username, password } = cas();
    const settings = { tls: true, casFlavor: "apereo", services: [SERVICE], username, password } as const;
    emulator = await startEmulator({ ...settings, ...options });
    const { casUrl, caCertificate = "" } = emulator;
    running = { casUrl, username, password, caCertificate };
  });
  after(() => emulator?.close());
  return () => {
    if (!running) throw new Error("the emulator runs within tests only");
    return running;
  };
}

const MARKER = "GET /cas/marker";

/** The requests that the server's own log shows of an attempt, which may fail. */
export async function requestsOf(cas: CasServer, attempt: () => Promise<unknown>): Promise<string[]> {
  const before = (await mark(cas)).length;
  await Promise.allSettled([attempt()]);
  return (await mark(cas)).slice(before, -1);
}

/** The log up to a request of this call: a line can be written a moment after its answer. */
async function mark(cas: CasServer): Promise<string[]> {
  const isMarker = (line: string) => line.startsWith(MARKER);
  const count = (await cas.requests()).filter(isMarker).length;
  await send(`${cas.casUrl}/marker`, { ca: cas.caCertificate });
  const written = async () => {
    const lines = await cas.requests();
    if (lines.filter(isMarker).length === count) throw new Error("the log does not show the marker yet");
    return lines.slice(0, lines.findLastIndex(isMarker) + 1);
  };
  return await backOff(written, { startingDelay: 20, timeMultiple: 1, numOfAttempts: 100 });
}
