/** A request as it was received. Bodies and headers hold the secrets that the client sent. */
export interface RecordedRequest {
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number;
  /** The call's name: a fault's `on`, or `control`, `web.…`, `unknown`. */
  readonly on: string;
  /** The HTTP method, in capitals. */
  readonly method: string;
  /** Path and query as received. */
  readonly path: string;
  /** By name in lower case; with secrets. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As text; with secrets. */
  readonly body: string;
  /** The status answered; missing while it is being worked on, and for ever if the connection was cut. */
  readonly status?: number;
}

export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** The newest requests, oldest first. */
export class History {
  private readonly records: OpenRecord[] = [];

  constructor(private readonly limit: number) {}

  add(record: OpenRecord): OpenRecord {
    this.records.push(record);
    if (this.records.length > this.limit) {
      this.records.shift();
    }
    return record;
  }

  all(): RecordedRequest[] {
    return this.records.map((record) => ({ ...record }));
  }
}
