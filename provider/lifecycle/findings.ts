import type { dynamic } from "@pulumi/pulumi";
import { isDecodable, isPem } from "../api/agent";

/**
 * What stands for a value that is not known before the update:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go (UnknownStringValue)
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface TextRule {
  /** What is wrong with a value, as the rest of a sentence that begins with the property's name. */
  problem?: (value: string) => string | undefined;
  secret?: boolean;
}

/** Reads the inputs that a program gave, and collects one failure for each property that is not right. */
export class Findings {
  readonly failures: dynamic.CheckFailure[] = [];
  private readonly named = new Set<string>();

  constructor(private readonly news: Readonly<Record<string, unknown>>) {}

  has(name: string): boolean {
    return this.news[name] !== undefined && this.news[name] !== null;
  }

  /** `quiet`: the engine prints the value of the property that a failure names, even that of a secret. */
  refuse(name: string, problem: string, quiet = false): void {
    if (this.named.has(name)) return;
    this.named.add(name);
    this.failures.push({ property: quiet ? "" : name, reason: `${name} ${problem}.` });
  }

  /** A text that has to be there; empty, and refused, where it is not. `write` says what to write. */
  needed(name: string, write: string, rule: TextRule = {}): string {
    if (!this.has(name)) this.refuse(name, `is missing: ${write}`);
    return this.text(name, rule) ?? "";
  }

  text(name: string, rule: TextRule = {}): string | undefined {
    const value = this.news[name];
    if (value === undefined || value === null) return undefined;
    if (value === UNKNOWN) return UNKNOWN;
    if (typeof value !== "string") {
      this.refuse(name, "is no text: write a string", rule.secret);
      return undefined;
    }
    const problem = value === "" ? "is empty: write it, or leave it out" : rule.problem?.(value);
    const telling = value.includes("@") || value.includes("PRIVATE KEY");
    if (problem) this.refuse(name, problem, rule.secret || telling);
    return value;
  }

  /** A boolean, undefined where it is the default. */
  flag(name: string, byDefault: boolean): boolean | undefined {
    const value = this.news[name] ?? byDefault;
    if (typeof value === "boolean") return value === byDefault ? undefined : value;
    if (value !== UNKNOWN) this.refuse(name, "is no boolean: write true or false");
    return undefined;
  }

  wholeNumber(name: string): number | typeof UNKNOWN | undefined {
    const value = this.news[name];
    if (value === undefined || value === null) return undefined;
    if (value === UNKNOWN) return UNKNOWN;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    this.refuse(name, "is no whole number from 0 up");
    return undefined;
  }

  /** The list of strings whose change replaces the resource. */
  triggers(): string[] | undefined {
    const value = this.news.triggers;
    if (value === undefined || value === null) return undefined;
    if (value === UNKNOWN) return [UNKNOWN];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    this.refuse("triggers", "is no list of strings: write each trigger as a string", true);
    return undefined;
  }
}

export function idProblem(value: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(value)
    ? undefined
    : "is no id: write it as the console shows it, letters, digits and hyphens";
}

/** A server's address: https, or http where nobody else can listen. */
export function serverProblem(example: string): (value: string) => string | undefined {
  return (value) => {
    const url = /[\s\p{Cc}]/u.test(value) || !URL.canParse(value) ? undefined : new URL(value);
    if (!url || !["https:", "http:"].includes(url.protocol)) return `is no https URL: write ${example}`;
    if (url.username || url.password) return `holds a user name or password: write ${example}`;
    if (/[?#]/.test(value)) return `holds a query or fragment: write ${example}`;
    if (!isDecodable(url.pathname)) return `holds a stray %: write ${example}`;
    const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
    return url.protocol === "https:" || loopback ? undefined : `is no https URL: write ${example}`;
  };
}

export function serviceProblem(value: string): string | undefined {
  const right = !/\s/.test(value) && /^https?:/.test(value) && URL.canParse(value);
  return right ? undefined : "is no URL: write the address of the application to log in to, https://…";
}

export function headerProblem(value: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(value)
    ? undefined
    : "holds a line break or a character that no header may hold";
}

export function tokenProblem(value: string): string | undefined {
  return /^[\x21-\x7e]{1,512}$/.test(value)
    ? undefined
    : "is no client id: write the client_id of the log-in";
}

export function cookieProblem(value: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+=[\x21-\x3a\x3c-\x7e]+$/.test(value)
    ? undefined
    : "is no cookie: write NAME=VALUE, without attributes";
}

export function pemProblem(value: string): string | undefined {
  return isPem(value)
    ? undefined
    : "is no certificate: write the text of its PEM, -----BEGIN CERTIFICATE----- and so on, and no key";
}

export function fingerprintProblem(value: string): string | undefined {
  return /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i.test(value)
    ? undefined
    : "is no SHA-256 fingerprint: write 64 hex digits, colons allowed";
}
