import { backOff } from "exponential-backoff";
import { ask, type CasServer } from "../../../tools/cas";

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
  await ask(`${cas.casUrl}/marker`, cas.caCertificate);
  const written = async () => {
    const lines = await cas.requests();
    if (lines.filter(isMarker).length === count) throw new Error("the log does not show the marker yet");
    return lines.slice(0, lines.findLastIndex(isMarker) + 1);
  };
  return await backOff(written, { startingDelay: 20, timeMultiple: 1, numOfAttempts: 100 });
}
