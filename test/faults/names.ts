import type { Request } from "./exchange";

/** The names of sessions, where a service changes one while it is open. */
export class Names {
  private readonly givenTo = new Map<string, string>();
  private readonly realOf = new Map<string, string>();

  /** Gives a session another name, by which alone it is known from now on. */
  rename(session: string, name: string): void {
    const real = this.realOf.get(session) ?? session;
    this.realOf.delete(session);
    this.realOf.set(name, real);
    this.givenTo.set(real, name);
  }

  /** The name that clients know. */
  readonly given = (real: string): string => this.givenTo.get(real) ?? real;

  /** A request as the emulator gets it, which knows nothing of other names. */
  real(request: Request): Request {
    let { cookie } = request.headers;
    if (this.givenTo.size === 0 || cookie === undefined) return request;
    for (const real of this.givenTo.keys()) cookie = cookie.replaceAll(real, "none");
    for (const [name, real] of this.realOf) cookie = cookie.replaceAll(name, real);
    return { ...request, headers: { ...request.headers, cookie } };
  }
}
