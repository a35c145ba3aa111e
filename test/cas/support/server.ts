import { type CasOptions, type CasServer, startCas } from "../../../tools/cas";

const START_LIMIT_MS = 200_000;

// A start takes half a minute, so suites that want the same server share it.
const running = new Map<boolean, Promise<CasServer>>();

function shared({ confirmLogout = false }: CasOptions): Promise<CasServer> {
  const server = running.get(confirmLogout) ?? startCas(console.log, { confirmLogout });
  running.set(confirmLogout, server);
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
