import type { Answer } from "./answers";
import type { Exchange } from "./exchange";

/** How a service behaves where its versions differ. */
export interface Behavior {
  /** The CAS shows the same page to any cookie, unless a service is asked for (Jasig CAS 3.5). */
  isBlind: boolean;
  confirmLogout: boolean;
  goneLogout: 204 | 400;
  /** The name of the cookie that stands for a session. */
  cookieName: string;
  /** How long the keys of sessions are. */
  keyLength: number;
}

const LOGIN_PAGE =
  '<form method="post" action="login"><input type="hidden" name="lt" value="LT-1"><input type="password" name="password"></form>';
const CONFIRM_PAGE =
  '<form method="post" action="logout"><input type="hidden" name="execution" value="e1s1"></form>';
const PAGE = "<h2>Log In Successful</h2>";

/** Both services in memory: what happens in it is the truth that clients are held against. */
export class ModelServer {
  private readonly sessions = new Set<string>();
  private opened = 0;

  constructor(private readonly behavior: Behavior) {}

  open(): readonly string[] {
    return [...this.sessions];
  }

  expire(): void {
    this.sessions.clear();
  }

  /** Does the work of a request, and answers. */
  answer(exchange: Exchange): Answer {
    const { call } = exchange;
    if (call.startsWith("cas.")) return this.cas(exchange);
    if (call === "webcli.auth") return this.logIn(exchange);
    return call === "webcli.command" ? this.run(exchange) : this.logOut(exchange);
  }

  private logIn(exchange: Exchange): Answer {
    const client_id = this.openSession(exchange);
    return json(200, { client_id, databases: 16 });
  }

  private run(exchange: Exchange): Answer {
    if (!this.isOpen(exchange.key))
      return json(400, { error_code: "111400063", error_msg: "Invalid parameter" });
    exchange.performed = true;
    return json(200, { response: exchange.command === "PING" ? "PONG" : "OK" });
  }

  private logOut(exchange: Exchange): Answer {
    if (!this.isOpen(exchange.key) && this.behavior.goneLogout === 400) {
      return json(400, { error_code: "111400063", error_msg: "Invalid parameter" });
    }
    this.end(exchange);
    return { status: 204, headers: {}, body: "" };
  }

  private cas(exchange: Exchange): Answer {
    const { call, request, key } = exchange;
    const service = new URL(request.url, "http://cas.example").searchParams.get("service");
    if (call === "cas.form") return page(LOGIN_PAGE);
    if (call === "cas.login") {
      // Spring, in Apereo CAS, answers only with what a request accepts.
      if (!request.headers.accept?.includes("text/html")) return { status: 406, headers: {}, body: "" };
      const cookie = `${this.behavior.cookieName}=${this.openSession(exchange)}; Path=/cas; Secure`;
      return this.welcome(service, { "set-cookie": [cookie] });
    }
    if (call === "cas.logout") return this.casLogOut(exchange);
    if (this.isOpen(key)) return this.welcome(service, {});
    return page(this.behavior.isBlind && service === null ? PAGE : LOGIN_PAGE);
  }

  private casLogOut(exchange: Exchange): Answer {
    const { confirmLogout } = this.behavior;
    if (confirmLogout && !exchange.request.body.includes("execution=e1s1")) return page(CONFIRM_PAGE);
    this.end(exchange);
    return page("<h2>Logout successful</h2>");
  }

  private welcome(service: string | null, headers: Answer["headers"]): Answer {
    if (service === null) return { ...page(PAGE), headers };
    return { status: 302, headers: { ...headers, location: `${service}?ticket=ST-1-x` }, body: "" };
  }

  private openSession(exchange: Exchange): string {
    const id = `TGT-${++this.opened}-`.padEnd(this.behavior.keyLength, "0123456789abcdef");
    this.sessions.add(id);
    exchange.performed = true;
    exchange.opened = id;
    return id;
  }

  private end(exchange: Exchange): void {
    exchange.performed = true;
    this.sessions.delete(exchange.key ?? "");
  }

  private isOpen(key: string | undefined): boolean {
    return key !== undefined && this.sessions.has(key);
  }
}

function json(status: number, value: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function page(body: string): Answer {
  return { status: 200, headers: { "content-type": "text/html" }, body };
}
