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

/**
 * What this process has learnt of each set of keys. A 401 refuses a set for good: an access key is
 * locked after more than five failures in a row, so no key that failed is ever sent again.
 */
const verdicts = new Map<string, Promise<boolean>>();

/**
 * Sends a request with the first set of keys that is not refused, and with the next one after a 401.
 * Resolves with the last 401 where every set is refused, with nothing where none was left to try.
 */
export async function withKeys(
  sets: Iterable<Keys>,
  request: (keys: Keys) => Promise<Answer>,
): Promise<Answer | undefined> {
  let refusal: Answer | undefined;
  for (const keys of sets) {
    const answer = await unlessRefused(keys, request);
    if (answer && answer.status !== 401) return answer;
    refusal = answer ?? refusal;
  }
  return refusal;
}

/**
 * The first request with a set goes alone; the others wait for its verdict. Pulumi works on many
 * resources at once, and eight requests with one wrong secret key would lock the key.
 */
async function unlessRefused(
  keys: Keys,
  request: (keys: Keys) => Promise<Answer>,
): Promise<Answer | undefined> {
  const id = JSON.stringify(keys);
  const verdict = verdicts.get(id);
  if (verdict && !(await verdict)) return undefined;
  const answer = request(keys);
  // A request without an answer says nothing about the keys.
  const accepted = answer.then(
    ({ status }) => status !== 401,
    () => true,
  );
  if (!verdict) verdicts.set(id, accepted);
  if (!(await accepted)) verdicts.set(id, accepted);
  return answer;
}
