import type { CasFlavor } from "../../emulator";
import type { Answer } from "./answers";
import type { Server } from "./coverage";
import { type Call, type Exchange, nodeIn, setTicketGrantingCookie } from "./exchange";
import type { Secrets } from "./secrets";

export type Owner = "keys" | "rotated keys" | "keys of another account" | "a token";

/** What the services of a life served: to whom, and in which sessions. */
export class Books {
  /** What was served, and how often: see `Coverage`. */
  readonly met = new Map<string, number>();
  /** Whose an access key or a token is. */
  readonly owners = new Map<string, Owner>();
  /** The keys of sessions that the client has got, or kept. */
  knownKeys = new Set<string>();
  /** The first key of each session that has got another one. */
  private readonly firstKeys = new Map<string, string>();

  constructor(
    private readonly secrets: Secrets,
    private readonly firstProject: string,
  ) {}

  /** The session of a key: its first one. */
  sessionOf(key: string): string {
    return this.firstKeys.get(key) ?? key;
  }

  meet(what: Server | `${Call}: ${string}`): void {
    this.met.set(what, (this.met.get(what) ?? 0) + 1);
  }

  /** Notes what a service answered. */
  note(exchange: Exchange, honest: Answer, flavor: CasFlavor): void {
    exchange.opened = openedBy(exchange.call, honest);
    if (!exchange.call.startsWith("cas.")) {
      this.noteWebCli(exchange, honest);
      return;
    }
    this.meet(`a CAS of the flavor ${flavor}`);
    this.noteCas(exchange, honest);
  }

  private noteCas({ request, key, opened }: Exchange, { headers }: Answer): void {
    if (nodeIn(request.headers.cookie) && nodeIn(headers["set-cookie"]))
      this.meet("a request led away from its drained node");
    if (key === undefined || opened === undefined) return;
    this.meet("a session's cookie rotated");
    this.secrets.add(opened);
    this.firstKeys.set(opened, this.sessionOf(key));
  }

  private noteWebCli({ credential = "", project }: Exchange, { status }: Answer): void {
    const owner = this.owners.get(credential);
    const isFirst = project === this.firstProject;
    if (status === 401) this.meet(owner === "a token" ? "a token refused" : "keys refused");
    else if (owner) this.meet(`${owner} accepted`);
    if (status < 300) this.meet(isFirst ? "the first project" : "the second project");
  }
}

/** The key of a session that an honest answer brings. */
function openedBy(call: Call, { status, headers, body }: Answer): string | undefined {
  if (call === "webcli.auth" && status === 200) return /"client_id":"([^"]+)"/.exec(body)?.[1];
  return call === "cas.login" || call === "cas.probe" ? setTicketGrantingCookie(headers) : undefined;
}
