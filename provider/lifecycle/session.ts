import { createHmac, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { dynamic } from "@pulumi/pulumi";
import debug from "debug";
import type { Liveness } from "../api/cas";
import type { RequestFailed } from "../api/errors";

const log = debug("huaweicloud-sessions:lifecycle");

/** Ids are plain text in state and in every log, so they tell nothing of the session. */
export function newId(kind: "webcli" | "command" | "cas"): string {
  return `${kind}-${randomBytes(12).toString("hex")}`;
}

/**
 * The text by which the host found this code. It comes with the inputs, and the host adds it to what create
 * resolves with, but not to what create rejects with: without it a half-made session could never be deleted.
 */
export interface Hosted {
  __provider?: string;
}

/** What every session keeps in state beside its own. */
export interface SessionState {
  /** ISO 8601 */
  openedAt: string;
  /** By which a changed password is known: see `seal`. */
  passwordSeal?: string;
  /** The program gave the session; it was not logged in to here. */
  adopted?: true;
  /** The log-in succeeded and what came after it did not: delete ends it, the next up replaces it. */
  unfinished?: true;
}

type Bag = object & { password?: string; reopenWhenExpired?: boolean };

/**
 * Tells a changed password without keeping the password, which no log-out needs. Its key is the session's own
 * secret, encrypted in state, so that nobody who reads the rest can try passwords against it.
 */
export function seal(password: string | undefined, sessionSecret: string): string | undefined {
  if (password === undefined) return undefined;
  return createHmac("sha256", sessionSecret).update(password).digest("base64url").slice(0, 16);
}

export function changedArgs<Name extends string>(
  names: readonly Name[],
  olds: { [K in Name]?: unknown },
  news: { [K in Name]?: unknown },
): Name[] {
  return names.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
}

interface Comparison<Identity extends string, Name extends string> {
  /** The output by which the session is known, and the input that adopts one. */
  identity: Identity;
  /** The args that say which server the session is on. */
  place: readonly Name[];
  /** All the args whose change replaces, the password and the identity aside. */
  args: readonly Name[];
  olds: SessionState & { [K in Name]?: unknown } & { [K in Identity]: string };
  news: Bag & { [K in Name | Identity]?: unknown };
  liveness: () => Promise<Liveness>;
}

/** Replaces a session whose args changed or that is dead. Asks the server only when the args are equal. */
export async function diffSession<Identity extends string, Name extends string>(
  comparison: Comparison<Identity, Name>,
): Promise<dynamic.DiffResult> {
  const { identity, place, args, olds, news } = comparison;
  const changed: string[] = changedArgs(args, olds, news);
  if (olds.passwordSeal !== seal(news.password, olds[identity])) changed.push("password");
  const adopts = news[identity];
  if (adopts !== undefined && adopts === olds[identity] && !place.some((name) => changed.includes(name))) {
    // The same open session: replacing it would log out the one that the replacement had just taken over.
    return { changes: changed.length > 0 || !olds.adopted };
  }
  if (adopts !== undefined || olds.adopted) changed.push(identity);
  if (changed.length > 0) return { changes: true, replaces: changed };
  if (olds.unfinished) return { changes: true, replaces: [identity] };
  if (news.reopenWhenExpired === false) return { changes: false };
  const dead = (await comparison.liveness()) === "dead";
  return dead ? { changes: true, replaces: [identity] } : { changes: false };
}

/** Where a server that can't be asked changes nothing. The host hands the notice to the engine. */
export async function orUnknown(session: string, ask: Promise<Liveness>): Promise<Liveness> {
  try {
    return await ask;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(
      `Could not ask whether ${session} is alive, so it is left as it is: ${why.replace(/\.$/, "")}.`,
    );
    return "unknown";
  }
}

/** A log-in that can't be used and could not be undone: with `id`, Pulumi keeps it for a later destroy. */
class HalfMade extends Error {
  readonly reasons: string[];

  constructor(
    why: Error,
    readonly id: string,
    readonly properties: object,
  ) {
    super(`${why.message} The session is kept in the stack's state, so that \`pulumi destroy\` ends it.`);
    this.reasons = [this.message];
  }
}

/** Ends a session that can't be used; rejects with why, and with the session where ending it failed. */
export async function abandon(
  why: Error,
  kept: { id: string; outs: object; inputs: Hosted },
  logOut: () => Promise<void>,
): Promise<never> {
  try {
    await logOut();
  } catch (error) {
    log("log-out after a failed create: %s", error instanceof Error ? error.message : "");
    const { __provider } = kept.inputs;
    throw new HalfMade(why, kept.id, { ...kept.outs, __provider, unfinished: true });
  }
  throw why;
}

/** What to add to a failed log-in whose answer was lost. */
export function lostSession(failed: RequestFailed, idleTimeout: string): string | undefined {
  return failed.mayHaveActed
    ? `The log-in may have opened a session that nobody can find: it ends by its idle time-out (${idleTimeout}). ` +
        "It was not sent again. Run the same command again."
    : undefined;
}
