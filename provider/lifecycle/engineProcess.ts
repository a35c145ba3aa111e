import { codeOf } from "../api/http/networkErrors";
import { connectTcp } from "../api/http/tcp";

/** On this machine, a connection stands at once. */
const PATIENCE = 5_000;

/**
 * Whether the engine that started this process still lives. Killing an engine ends none of its hosts, and their parent may
 * be a shell that waits for them, so the address tells that the engine gave to the host.
 */
export async function engineLives(argv: readonly string[] = process.argv): Promise<boolean> {
  const address = argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (host === undefined) return true;
  try {
    const connection = await connectTcp(host, Number(port), AbortSignal.timeout(PATIENCE));
    connection.destroy();
    return true;
  } catch (error) {
    return codeOf(error) !== "ECONNREFUSED";
  }
}
