import assert from "node:assert/strict";
import type { Exchange } from "./exchange";
import { type Secrets, shownBy } from "./secrets";

const isLogin = ({ call }: Exchange) => call === "webcli.auth" || call === "cas.login";

/** A login is sent again only where the client was told that nothing was done. */
export function assertLoginsNotRepeated(sent: readonly Exchange[]): void {
  for (const login of sent.filter(isLogin).slice(0, -1)) {
    assert.ok(login.notDone, `a login was sent again after ${login.status ?? "no answer"}`);
  }
}

/** The same for several resources at once, whose logins can't be told apart. */
export function assertLoginsWithin(sent: readonly Exchange[], verbs: number): void {
  const logins = sent.filter(isLogin);
  const repeatable = logins.filter(({ notDone }) => notDone).length;
  assert.ok(logins.length <= verbs + repeatable, `${logins.length} logins were sent by ${verbs} operations`);
}

/** A session whose key has reached the client is closed or kept in state. */
export function assertKeysKept(open: readonly string[], held: readonly string[]): void {
  const lost = open.filter((session) => !held.includes(session));
  assert.deepEqual(lost, [], "a session is open, and its key arrived and was thrown away");
}

/**
 * Credentials that a 401 refused for a project are not sent for it again by the same process. Once they have proved
 * good, other requests may be under way at the same time, and their success speaks for the credentials again: nobody
 * can tell in which order the client got the two. While they have not, nothing else is under way.
 */
export function assertRefusedCredentialsRest(
  exchanges: readonly Exchange[],
  { mayOverlap }: { mayOverlap: boolean },
): void {
  const books = new Map<string, CredentialBook>();
  for (const { exchange, isAnswer } of eventsOf(exchanges)) {
    const { credential, process, project } = exchange;
    if (credential === undefined) continue;
    const id = `${process} ${credential}`;
    const book = books.get(id) ?? { provedFor: new Set(), failures: 0, allowed: new Map() };
    books.set(id, book);
    const allowed = book.allowed.get(project);
    if (isAnswer) noteAnswer(book, exchange, mayOverlap);
    else if (allowed !== undefined) {
      assert.ok(allowed > 0, "credentials were sent again after a 401");
      book.allowed.set(project, allowed - 1);
    }
  }
}

/** What a process knows of credentials. */
interface CredentialBook {
  provedFor: Set<string>;
  failures: number;
  /** How many requests may still be sent for a project where they are refused. */
  allowed: Map<string, number>;
}

function noteAnswer(book: CredentialBook, exchange: Exchange, mayOverlap: boolean): void {
  const { status, answer = "", provesCredentials, project } = exchange;
  const allowed = book.allowed.get(project);
  if (status === 401) {
    book.failures += 1;
    assert.ok(book.provedFor.size > 0 || book.failures <= 2, "credentials failed more than twice");
    // A server whose clock differs gets the request once more, signed with its own time.
    const byClock = answer.includes("another clock") || isSkewed(exchange) ? 1 : 0;
    const underWay = book.provedFor.has(project) && mayOverlap ? Number.POSITIVE_INFINITY : 0;
    book.allowed.set(project, (allowed ?? underWay) + byClock);
  } else if (provesCredentials) {
    book.provedFor.add(project);
    book.allowed.delete(project);
  } else if (allowed !== undefined) {
    // What broke off, or got an answer that tells nothing, may be sent once more.
    book.allowed.set(project, allowed + 1);
  }
}

/** Requests and their answers, in the order in which they were sent. */
function eventsOf(exchanges: readonly Exchange[]): { exchange: Exchange; isAnswer: boolean }[] {
  return exchanges
    .flatMap((exchange, at) => [
      { exchange, isAnswer: false, at },
      { exchange, isAnswer: true, at: (exchange.answeredAt ?? at + 1) - 0.5 },
    ])
    .sort((one, other) => one.at - other.at);
}

/**
 * A process that has signed with the server's time goes on with it, also where the answer is lost: each request with a
 * wrong time is a failure that may lock the key. Where a 401 follows, the time was not what was wrong.
 */
export function assertServerTimeKept(exchanges: readonly Exchange[]): void {
  /** How far the server's clock is ahead, by the process that has signed with its time. */
  const known = new Map<number, number>();
  for (const { exchange, isAnswer } of eventsOf(exchanges)) {
    const { process, ahead, status, request } = exchange;
    if (request.headers["x-sdk-date"] === undefined) continue;
    const isWrong = isSkewed(exchange);
    if (isAnswer && status === 401 && !isWrong) known.delete(process);
    if (isAnswer) continue;
    assert.ok(!isWrong || known.get(process) !== ahead, "the server's time was known, and not signed with");
    if (!isWrong) known.set(process, ahead);
  }
}

/** A session whose key is known to change is not asked by what can't keep the new one. */
export function assertNoKeyChanged(verb: string, sent: readonly Exchange[]): void {
  const { opened } = sent.find((exchange) => exchange.opened !== undefined) ?? {};
  assert.equal(opened, undefined, `${verb} changed the key of a session, and can't keep it`);
}

/** Bearer credentials are no fallback for an endpoint that the program names. */
export function assertNotSentWith(credential: string, exchanges: readonly Exchange[]): void {
  const call = exchanges.find((exchange) => exchange.credential === credential)?.call;
  assert.equal(call, undefined, `${call} was sent with a token that belongs to another cloud`);
}

function isSkewed({ request, at }: Exchange): boolean {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(request.headers["x-sdk-date"] ?? "") ?? [];
  if (!day || !time) return false;
  const date = Date.parse(`${day.replace(/(....)(..)/, "$1-$2-")}T${time.replace(/(..)(..)/, "$1:$2:")}Z`);
  return Math.abs(date - at) > 240_000;
}

/**
 * A password that brought no session is not sent again by the same process, whatever the answer was: five failures lock
 * the account. Once it has brought one, what fails has other reasons.
 */
export function assertRejectedPasswordsRest(sent: readonly Exchange[]): void {
  const logins = sent.filter(({ call }) => call === "cas.login");
  const first = logins.findIndex(({ rejected }) => rejected);
  const hadProved = logins.slice(0, first).some(({ keyArrived }) => keyArrived);
  const again = first < 0 || hadProved ? [] : logins.slice(first + 1);
  assert.equal(again.length, 0, "a password was sent again after it had brought no session");
}

/**
 * Nothing is sent in a session that the service has confirmed to be closed, unless the program adopts it again.
 * A delete that fails later on can't take the session out of state, so that a command's logout may be repeated,
 * and the PING that asks for the session.
 */
export function assertSilenceAfterLogout(
  exchanges: readonly Exchange[],
  { adopted, mayRepeatLogout }: { adopted: ReadonlySet<string>; mayRepeatLogout: boolean },
): void {
  const closed = new Set<string>();
  for (const { call, command, key, performed, status, complete } of exchanges) {
    if (key === undefined || adopted.has(key)) continue;
    const isRepeated = mayRepeatLogout && (call === "webcli.logout" || command === "PING");
    assert.ok(!closed.has(key) || isRepeated, `${call} was sent in a session after its logout`);
    if (call === "webcli.logout" && performed && complete && status === 204) closed.add(key);
  }
}

/** Nobody cleans up after a command that did not run: each `DEL x` comes after its `SET x`. */
export function assertDeletesHaveCreates(exchanges: readonly Exchange[]): void {
  const made = new Set<string>();
  for (const { command = "", performed } of exchanges) {
    const [name, key = ""] = command.split(" ");
    if (!performed) continue;
    if (name === "SET") made.add(key);
    if (name === "DEL") assert.ok(made.has(key), `the delete command of ${key} ran without its create`);
  }
}

export function assertNoSecret(secrets: Secrets, what: string, text: string): void {
  const found = secrets.foundIn(text);
  assert.equal(found, undefined, `${what} shows a secret: ${text}`);
}

/** An error is one paragraph for a person; where the engine prints a stack, it has none. */
export function assertReadable(secrets: Secrets, verb: string, error: unknown): void {
  assert.ok(error instanceof Error, `${verb} rejected with no error: ${error}`);
  assert.ok(!(error instanceof assert.AssertionError), error.message);
  assertNoSecret(secrets, `the error of ${verb}`, shownBy(error));
  assert.doesNotMatch(error.message, /[\r\n]|undefined|\[object/, `the error of ${verb} is no paragraph`);
  if (verb !== "create")
    assert.doesNotMatch(error.stack ?? "", /\n\s+at /, `the error of ${verb} has a stack`);
}
