import { parseCookie } from "cookie";
import type { Call } from "../http";
import type { SessionStore } from "../sessions";
import { type Flavor, setCookie } from "./flavors";
import type { TicketIds } from "./tickets";

/** Who logged in from where. */
export interface CasClient {
  readonly userAgent: string;
  readonly address: string;
}

function clientOf(call: Call): CasClient {
  return { userAgent: call.headers["user-agent"] ?? "", address: call.remoteAddress };
}

/** A cookie that the request holds, as sent; an empty one counts as none. */
export function presentedCookie(call: Pick<Call, "headers">, name: string): string | undefined {
  const cookies = parseCookie(call.headers.cookie ?? "", { decode: (text) => text });
  return cookies[name] || undefined;
}

/** The single sign-on sessions, and which of them a request may use. */
export class CasSessions {
  private readonly everOpened = new Set<string>();

  constructor(
    private readonly flavor: Flavor,
    private readonly store: SessionStore<CasClient>,
    private readonly ids: TicketIds,
  ) {}

  /** Opens a session and gives the Set-Cookie header for it. */
  open(call: Call): string {
    const id = this.ids.next("TGT");
    this.store.open(id, clientOf(call));
    this.everOpened.add(id);
    return setCookie(this.flavor.cookie, id);
  }

  presented(call: Call): string | undefined {
    return presentedCookie(call, this.flavor.cookie.name);
  }

  /** The id of the live session that the request is in. A pinned one looks dead from elsewhere. */
  live(call: Call): string | undefined {
    const id = this.presented(call);
    const owner = id === undefined ? undefined : this.store.find(id);
    if (id === undefined || owner === undefined) {
      return undefined;
    }
    const client = clientOf(call);
    const isSame = client.userAgent === owner.userAgent && client.address === owner.address;
    return isSame || !this.flavor.pinned ? id : undefined;
  }

  /** Whether the request holds the cookie of a session that is over. */
  isOver(call: Call): boolean {
    const id = this.presented(call);
    return id !== undefined && this.everOpened.has(id) && this.store.find(id) === undefined;
  }

  /** Only granting a ticket counts as a use: looking at the log-in page does not keep a session alive. */
  touch(id: string): void {
    this.store.use(id);
  }

  end(id: string): void {
    this.store.close(id);
  }
}
