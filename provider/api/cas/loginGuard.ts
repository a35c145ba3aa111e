import { createHash } from "node:crypto";
import { Mutex } from "async-mutex";
import type { Deadline } from "../deadline";
import { meaningOf, RequestError } from "../errors";
import { inTurn } from "../turns";

/** Who logs in where, with what. */
export interface Credentials {
  casUrl: string;
  username: string;
  password: string;
}

/** What came of a login that set a cookie. */
interface Outcome {
  /** Why its session can't be used. */
  problem?: RequestError;
  /** Whether the server knows the session, so that the password is right. */
  isProved: boolean;
}

/** What is known of one account's passwords, by their digests. */
interface Account {
  turns: Mutex;
  proved: Set<string>;
  /** Why a login with them brought no session. */
  failed: Map<string, RequestError>;
}

/** A server locks an account after five failed logins. */
const MAX_FAILED = 4;

/**
 * Sends a wrong password once in a process. Pulumi works on many resources at once, so an account's logins go one at a
 * time until its password has proved good. A login that brought no session counts against the password, whatever the
 * server answered: not every CAS says what is wrong.
 */
export class LoginGuard {
  private readonly accounts = new Map<string, Account>();

  /** `login` takes the password when it is about to be sent. */
  async logIn<T extends Outcome>(
    { casUrl, username, password }: Credentials,
    deadline: Deadline,
    login: (takePassword: () => string) => Promise<T>,
  ): Promise<T> {
    const account = this.accountOf(casUrl, username);
    const id = digest(password);
    const turns = {
      mutex: account.turns,
      mayGoTogether: () => account.proved.has(id),
      deadline,
      late: "the login was not sent, because an earlier one of the same user is still without an answer",
    };
    return inTurn(turns, async () => {
      // What fails later has other reasons than the password.
      if (account.proved.has(id)) return login(() => password);
      const earlier = account.failed.get(id);
      if (earlier) throw notSentAgain(earlier);
      if (account.failed.size >= MAX_FAILED) throw tooManyFailed();
      return this.tryPassword(account, id, password, login);
    });
  }

  private async tryPassword<T extends Outcome>(
    { proved, failed }: Account,
    id: string,
    password: string,
    login: (takePassword: () => string) => Promise<T>,
  ): Promise<T> {
    let isSent = false;
    const takePassword = () => {
      isSent = true;
      return password;
    };
    try {
      const outcome = await login(takePassword);
      if (outcome.isProved) proved.add(id);
      else if (outcome.problem) failed.set(id, outcome.problem);
      return outcome;
    } catch (error) {
      if (isSent && error instanceof RequestError && !isNotPerformed(error)) failed.set(id, error);
      throw error;
    }
  }

  private accountOf(casUrl: string, username: string): Account {
    // One server has several spellings: the case of its host, a default port, a dot or a slash at the end.
    const { protocol, hostname, port, pathname } = new URL(casUrl);
    const server = [protocol, hostname.replace(/\.$/, ""), port, pathname.replace(/\/+$/, "")];
    const id = JSON.stringify([...server, username]);
    const account = this.accounts.get(id) ?? { turns: new Mutex(), proved: new Set(), failed: new Map() };
    this.accounts.set(id, account);
    return account;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function isNotPerformed({ failure }: RequestError): boolean {
  return failure.retry === "always";
}

function notSentAgain(earlier: RequestError): RequestError {
  if (meaningOf(earlier) === "login rejected") return earlier;
  const { advice } = earlier.failure;
  const reason = `the login was not sent, because an earlier one with the same password brought no session: ${earlier.message}`;
  return new RequestError({ reason, advice, retry: "never" });
}

function tooManyFailed(): RequestError {
  return new RequestError({
    reason: `the login was not sent, because ${MAX_FAILED} passwords of this user have brought no session`,
    advice: "Check the passwords. A fifth failed login may lock the account.",
    retry: "never",
  });
}
