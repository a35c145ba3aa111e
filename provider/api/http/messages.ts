import type { RequestError } from "../errors";
import type { Trust } from "./trust";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT";
  url: string;
  headers: Record<string, string>;
  body?: string;
  trust?: Trust;
  /** From the look-up of the host name to the last byte of the answer, in milliseconds. */
  requestTimeout: number;
  /** For connecting, and between two packets, in milliseconds. */
  idleTimeout: number;
  /**
   * Whether acting on it twice would do harm, as with a login: it gets a connection of its own, because a server
   * may be about to close one that was used before. @default false
   */
  once?: boolean;
  /** Whether nobody minds that a server acts on it and the answer is lost. @default what is no POST */
  isHarmless?: boolean;
}

export interface HttpResponse {
  /** See `requestName`. */
  request: string;
  status: number;
  headers: Record<string, string | undefined>;
  /** The `Set-Cookie` headers as they came. */
  setCookies: string[];
  /** The body, or what came of it. */
  body: string;
  /** Why the body is not complete. The status and the headers hold all the same. */
  bodyError?: RequestError;
}

/** Method and path: what an error may show of a request. */
export function requestName({ method, url }: Pick<HttpRequest, "method" | "url">): string {
  return `${method} ${new URL(url).pathname}`;
}
