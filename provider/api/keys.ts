import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "./http";
import { type AccessKeys, type Signable, signatureHeaders } from "./signature";

/** One way to authenticate with the API gateway: AK/SK, or an IAM token. */
export type Keys = AccessKeys | { authToken: string };

/** The headers that authenticate a request with these keys. */
export function authHeaders(request: Signable, keys: Keys): Record<string, string> {
  return "authToken" in keys ? { "X-Auth-Token": keys.authToken } : signatureHeaders(request, keys);
}

/** What must never be shown of these keys. */
export function secretsOf(keys: Keys): string[] {
  return Object.values(keys);
}

/** What a request told of its keys: that they are good, the 401 that refused them, or nothing. */
type Verdict = "good" | "nothing" | Answer;

/**
 * What this process has learnt of each set of keys. A 401 refuses a set for good: an access key is
 * locked after more than five failures in a row, so no key that failed is ever sent again.
 */
const learnt = new Map<string, Exclude<Verdict, "nothing">>();

/** The request that is about to tell, for each set of which nothing is known. */
const asking = new Map<string, Promise<Verdict>>();

/**
 * Sends a request with the first set of keys that is not refused, and with the next one after a 401.
 * Resolves with the last 401, this request's or an earlier one's, where every set is refused, and with
 * nothing where there is no set.
 */
export async function withKeys(
  sets: Iterable<Keys>,
  waitMs: number,
  request: (keys: Keys) => Promise<Answer>,
): Promise<Answer | undefined> {
  let refusal: Answer | undefined;
  for (const keys of sets) {
    const answer = await unlessRefused(keys, waitMs, request);
    if (answer.status !== 401) return answer;
    refusal = answer;
  }
  return refusal;
}

/**
 * Until a set has proved good, its requests go one at a time. Pulumi works on many resources at once, and
 * eight requests with one wrong secret key would lock the key. None waits long: a server that hangs is no
 * reason to keep from another one, and a 401 comes at once.
 */
async function unlessRefused(
  keys: Keys,
  waitMs: number,
  request: (keys: Keys) => Promise<Answer>,
): Promise<Answer> {
  const id = JSON.stringify(keys);
  const limit = Date.now() + waitMs;
  for (let other = asking.get(id); other && Date.now() < limit; other = asking.get(id)) {
    await within(limit - Date.now(), other);
  }
  // Up to here nothing is awaited once nobody asks: of those that waited, one goes on and the others wait for it.
  const known = learnt.get(id);
  if (typeof known === "object") return refusedBefore(known);
  const answer = request(keys);
  const told = answer.then(verdictOf, (): Verdict => "nothing");
  if (!known) asking.set(id, told);
  const verdict = await told;
  if (asking.get(id) === told) asking.delete(id);
  if (typeof verdict === "object" || (verdict === "good" && !learnt.has(id))) learnt.set(id, verdict);
  return answer;
}

async function within(ms: number, other: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([other, wait(ms, undefined, { signal: timer.signal })]);
  timer.abort();
}

function refusedBefore(answer: Answer): Answer {
  return { ...answer, request: `no request was sent with keys that were refused before: ${answer.request}` };
}

function verdictOf(answer: Answer): Verdict {
  if (answer.status === 401) return answer;
  // A gateway can throttle or fail before it looks at the keys.
  return answer.status === 429 || answer.status >= 500 ? "nothing" : "good";
}
