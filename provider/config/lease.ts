import type { Deadline } from "../api/deadline";
import type { TemporaryCredentials } from "../api/iam/temporaryCredentials";

/** Credentials that end sooner are replaced, so that none ends on the way. */
const LEAST_LIFETIME = 5 * 60_000;

export type Fetch = () => Promise<TemporaryCredentials | undefined>;

/** Temporary credentials of one source, fetched anew when they near their end. */
export class Lease {
  private held?: TemporaryCredentials;
  private fetching?: Promise<TemporaryCredentials | undefined>;
  private replaced = false;

  constructor(private readonly now: () => number) {}

  /** Those at hand; and new ones for who comes back, because they may have been revoked before their end. */
  async *credentials(fetch: Fetch, deadline: Deadline) {
    const within = (fetched: Promise<TemporaryCredentials | undefined>) =>
      deadline.within(fetched, "temporary credentials did not come in time");
    const first = await within(this.current(fetch));
    if (!first) return;
    yield first.credentials;
    const second = await within(this.replacement(first, fetch));
    // A metadata service keeps giving the same ones until they near their end.
    if (second && second.credentials.accessKey !== first.credentials.accessKey) yield second.credentials;
  }

  private async current(fetch: Fetch): Promise<TemporaryCredentials | undefined> {
    if (this.held && this.held.expiresAt - this.now() > LEAST_LIFETIME) return this.held;
    this.replaced = false;
    return this.renew(fetch);
  }

  /** Only once, so that a service that refuses all of them is not asked for ever. */
  private async replacement(refused: TemporaryCredentials, fetch: Fetch) {
    if (this.held !== refused) return this.held;
    if (this.fetching !== undefined) return this.fetching;
    if (this.replaced) return undefined;
    const fetched = await this.renew(fetch);
    this.replaced = true;
    return fetched;
  }

  private renew(fetch: Fetch): Promise<TemporaryCredentials | undefined> {
    this.fetching ??= fetch()
      .then((fetched) => {
        if (fetched) this.held = fetched;
        return fetched;
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
