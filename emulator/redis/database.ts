/** A Redis error reply: its message starts with the error's kind. */
export class DatabaseError extends Error {}

type Value = string | string[];

const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";

/** One numbered database: strings and lists by key. */
export class Database {
  private readonly values = new Map<string, Value>();

  text(key: string): string | undefined {
    const value = this.values.get(key);
    if (Array.isArray(value)) {
      throw new DatabaseError(wrongType);
    }
    return value;
  }

  list(key: string): string[] | undefined {
    const value = this.values.get(key);
    if (typeof value === "string") {
      throw new DatabaseError(wrongType);
    }
    return value;
  }

  set(key: string, value: Value): void {
    this.values.set(key, value);
  }

  type(key: string): string {
    const value = this.values.get(key);
    if (value === undefined) {
      return "none";
    }
    return typeof value === "string" ? "string" : "list";
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  delete(key: string): boolean {
    return this.values.delete(key);
  }

  size(): number {
    return this.values.size;
  }

  clear(): string {
    this.values.clear();
    return "OK";
  }
}

/** All databases of the instance; every session sees the same. */
export class Memory {
  private readonly databases = new Map<number, Database>();

  database(index: number): Database {
    const database = this.databases.get(index) ?? new Database();
    this.databases.set(index, database);
    return database;
  }

  clear(): string {
    this.databases.clear();
    return "OK";
  }
}
