import { codeOf } from "../api/http/networkErrors";
import { connectTcp } from "../api/http/tcp";

/** On this machine, a connection stands at once. */
const PATIENCE = 5_000;

/** The address that the engine passes, after flags such as -v=9 and `--tracing tcp://127.0.0.1:1234`. */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  return argv.slice(2).findLast((argument) => !argument.startsWith("-"));
}

/**
 * Whether the engine that started this process still lives. An engine that is killed leaves its hosts running, and a host's
 * parent may be a shell that waits for it. So the host asks at the address that the engine gave it.
 */
export async function engineLives(argv?: readonly string[]): Promise<boolean> {
  const [, host, port] = /^(.+):(\d+)$/.exec(engineAddress(argv) ?? "") ?? [];
  if (host === undefined) return true;
  try {
    const connection = await connectTcp(host, Number(port), AbortSignal.timeout(PATIENCE));
    connection.destroy();
    return true;
  } catch (error) {
    return codeOf(error) !== "ECONNREFUSED";
  }
}
