interface Ticket<T> {
  readonly data: T;
  readonly goodUntil: number;
}

/** Things that are good for a short time, most of them for one try: login forms, confirm pages, service tickets. */
export class Tickets<T> {
  private readonly issued = new Map<string, Ticket<T>>();

  constructor(
    private readonly lifeMs: number,
    private readonly now: () => number,
    private readonly capacity = 10_000,
  ) {}

  issue(id: string, data: T): void {
    this.issued.set(id, { data, goodUntil: this.now() + this.lifeMs });
    const oldest = this.issued.keys().next();
    if (this.issued.size > this.capacity && !oldest.done) {
      this.issued.delete(oldest.value);
    }
  }

  /** Gives the ticket out for the only time. */
  take(id: string): T | undefined {
    const data = this.find(id);
    this.issued.delete(id);
    return data;
  }

  find(id: string): T | undefined {
    const ticket = this.issued.get(id);
    return ticket && this.now() < ticket.goodUntil ? ticket.data : undefined;
  }

  clear(): void {
    this.issued.clear();
  }
}
