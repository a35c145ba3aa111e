import type { Call, Exchange } from "./exchange";
import { SPELLINGS } from "./secrets";
import type { Chosen } from "./services";

/** How requests are treated. */
export interface Rule {
  on: Call;
  /** The name of a treatment. */
  treatment: string;
  /** Which requests it strikes, in their order. */
  strikes: boolean[];
  /** Whether the pattern begins again at its end. */
  forGood: boolean;
  echo: Echo;
}

/** What of a request may be repeated in its answer. */
export const ECHOED = [
  ...["nothing", "key", "command", "password", "body", "url"],
  ...["authorization", "cookie", "x-auth-token"],
] as const;

export interface Echo {
  of: (typeof ECHOED)[number];
  /** One of `SPELLINGS`. */
  spelling: string;
  /** Where it is cut off. */
  length: number;
}

/** Rules that are being followed. Where several match a request, the first one that strikes counts. */
export class Rules {
  private readonly seen = new Map<Rule, number>();

  constructor(readonly rules: readonly Rule[]) {}

  choose(exchange: Exchange): Chosen | undefined {
    const matching = this.rules.filter(({ on }) => on === exchange.call);
    const rule = matching.filter((one) => this.strikes(one))[0];
    if (!rule) return undefined;
    return { name: rule.treatment, echo: echoOf(exchange, rule.echo) };
  }

  private strikes(rule: Rule): boolean {
    const { strikes, forGood } = rule;
    const seen = this.seen.get(rule) ?? 0;
    this.seen.set(rule, seen + 1);
    return strikes[forGood ? seen % strikes.length : seen] === true;
  }
}

function echoOf({ key = "", command = "", request }: Exchange, { of, spelling, length }: Echo): string {
  const { body, url, headers } = request;
  const sources: Record<Echo["of"], string | undefined> = {
    ...{ nothing: "", key, command, body, url },
    password: body.startsWith("{") ? JSON.parse(body).password : new URLSearchParams(body).get("password"),
    authorization: headers.authorization,
    cookie: headers.cookie,
    "x-auth-token": headers["x-auth-token"],
  };
  return SPELLINGS[spelling]?.(sources[of] ?? "").slice(0, length) ?? "";
}
