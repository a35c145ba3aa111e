import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator";
import type { Keys, Target } from "./target";

export interface Server {
  target: Target;
  keys: Keys;
  /** Keys and trust in the server for the contenders. */
  env: Record<string, string>;
  openSessions(): number;
}

/** Runs `use` beside an emulator in this process, which is none of those that are measured. */
export async function withServer(use: (server: Server) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  // No session may expire, however slow the machine is.
  const emulator = await startEmulator({ tls: true, idleSeconds: 86_400, history: 1 });
  try {
    const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword: password } = emulator;
    const { accessKey, secretKey, authToken, caCertificate = "" } = emulator;
    const authority = join(folder, "ca.pem");
    await writeFile(authority, caCertificate);
    // What all of curl's calls have in common; it can't sign them.
    const headers = [`X-Auth-Token: ${authToken}`, "Content-Type: application/json"];
    const curl = [`cacert = "${authority}"`, ...headers.map((header) => `header = "${header}"`)];
    await writeFile(join(folder, ".curlrc"), `${curl.join("\n")}\n`, { mode: 0o600 });
    await use({
      target: { endpoint, projectId, instanceId, password },
      keys: { accessKey, secretKey },
      env: {
        HW_ACCESS_KEY: accessKey,
        HW_SECRET_KEY: secretKey,
        NODE_EXTRA_CA_CERTS: authority,
        CURL_HOME: folder,
        BENCH_LOGIN: JSON.stringify({ password }),
      },
      openSessions: () => emulator.sessions().webCli.open.length,
    });
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}
