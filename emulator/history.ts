/** A request as it was received. Bodies and headers hold the secrets that the client sent. */
export interface RecordedRequest {
  /** When it arrived, in milliseconds since the epoch. */
  at: number;
  /** The call's name: a fault's `on`, or `control`, `web.…`, `unknown`. */
  on: string;
  /** The HTTP method, in capitals. */
  method: string;
  /** Path and query as received. */
  path: string;
  /** By name in lower case; with secrets. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As text; with secrets. */
  body: string;
  /** The status answered; missing while the request is being handled, and for good if the connection was cut. */
  status?: number;
}

/** A request whose body or answer may still be to come. */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** Enough for tens of thousands of requests, and bearable where somebody sends large ones on purpose. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The newest requests: not more than so many, and not more than {@link MAX_BYTES} of them. */
export class History {
  /** By age, with their sizes. */
  private readonly sizes = new Map<OpenRecord, number>();
  private bytes = 0;

  constructor(private readonly max: number) {}

  add(record: OpenRecord): void {
    this.grow(record, record.path.length + JSON.stringify(record.headers).length);
  }

  addBody(record: OpenRecord, body: string): void {
    if (!this.sizes.has(record)) return;
    record.body = body;
    this.grow(record, body.length);
  }

  /** Oldest first. */
  all(): RecordedRequest[] {
    return [...this.sizes.keys()].map((record) => ({ ...record }));
  }

  private grow(record: OpenRecord, bytes: number): void {
    this.sizes.set(record, (this.sizes.get(record) ?? 0) + bytes);
    this.bytes += bytes;
    for (const [oldest, size] of this.sizes) {
      if (this.sizes.size <= this.max && this.bytes <= MAX_BYTES) return;
      this.sizes.delete(oldest);
      this.bytes -= size;
    }
  }
}
