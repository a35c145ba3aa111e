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
const verdicts = new Map<string, Promise<Verdict>>();

/**
 * Sends a request with the first set of keys that is not refused, and with the next one after a 401.
 * Resolves with the last 401, this request's or an earlier one's, where every set is refused, and with
 * nothing where there is no set.
 */
export async function withKeys(
  sets: Iterable<Keys>,
  request: (keys: Keys) => Promise<Answer>,
): Promise<Answer | undefined> {
  let refusal: Answer | undefined;
  for (const keys of sets) {
    const answer = await unlessRefused(keys, request);
    if (answer.status !== 401) return answer;
    refusal = answer;
  }
  return refusal;
}

/**
 * Until a set has proved good, its requests go one at a time. Pulumi works on many resources at once, and
 * eight requests with one wrong secret key would lock the key.
 */
async function unlessRefused(keys: Keys, request: (keys: Keys) => Promise<Answer>): Promise<Answer> {
  const id = JSON.stringify(keys);
  let [asked, verdict]: [Promise<Verdict> | undefined, Verdict] = [undefined, "nothing"];
  // Whoever finds no newer request than the one that told nothing is next, at once: no await may come between.
  while (verdict === "nothing" && asked !== verdicts.get(id)) {
    asked = verdicts.get(id);
    if (asked) verdict = await asked;
  }
  if (typeof verdict === "object") return verdict;
  const answer = request(keys);
  const told = answer.then(verdictOf, (): Verdict => "nothing");
  if (verdict !== "good") verdicts.set(id, told);
  if (typeof (await told) === "object") verdicts.set(id, told);
  return answer;
}

function verdictOf(answer: Answer): Verdict {
  if (answer.status === 401) return answer;
  // A gateway can throttle or fail before it looks at the keys.
  return answer.status === 429 || answer.status >= 500 ? "nothing" : "good";
}
