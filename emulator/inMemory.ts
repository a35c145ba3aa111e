import type { Control } from "./control";
import type { Credentials } from "./credentials";
import { Services } from "./emulator";
import type { Reply } from "./http";
import type { KnownOptions } from "./options";
import { resolveOptions, type Settings } from "./settings";

/** The services of an emulator that no server serves, for tests that ask them thousands of times. */
export interface InMemoryEmulator extends Control, Readonly<Credentials>, Pick<Settings, "casFlavor"> {
  /** Answers a request whose `Host` header is a loopback address; undefined where a fault cuts the connection. */
  answer(request: InMemoryRequest): Promise<Reply | undefined>;
}

export interface InMemoryRequest {
  method: string;
  /** Path and query. */
  url: string;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** @throws {BadOption} for an option that is unknown or can't be used */
export function emulateInMemory<Given extends object>(options?: KnownOptions<Given>): InMemoryEmulator {
  const settings = resolveOptions(options ?? {});
  const services = new Services(settings, () => "http://127.0.0.1");
  const { account, router } = services;
  return {
    ...settings,
    ...services.control,
    get accessKey() {
      return account.keys.accessKey;
    },
    get secretKey() {
      return account.keys.secretKey;
    },
    answer: ({ body, ...request }) =>
      router.answer({ ...request, remoteAddress: "127.0.0.1", body: async () => Buffer.from(body) }),
  };
}
