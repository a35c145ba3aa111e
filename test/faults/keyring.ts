import type { Emulator } from "../../emulator";
import { configRequest } from "../support/lifecycles";

type Bag = Record<string, string | undefined>;

/** The keys that a client finds, in its stack's config and its environment, and which of them still work. */
export class Keyring {
  /** The keys that a 401 refused, as the provider must remember them. */
  readonly refused = new Set<string>();
  /** The keys that the provider may know as refused. */
  readonly doubted = new Set<string>();
  /** What the config gives, and every request holds until other keys are found. */
  readonly first: string;
  rotated = false;
  private readonly environment: Bag = { HOME: "/nowhere" };
  private readonly config: Bag;

  constructor(
    private readonly emulator: Emulator,
    access: "keys" | "token",
    private readonly note: (secret: string) => void,
  ) {
    const { accessKey, secretKey, authToken } = emulator;
    this.first = access === "token" ? authToken : accessKey;
    this.config =
      access === "token"
        ? { "huaweicloud:authToken": authToken }
        : { "huaweicloud:accessKey": accessKey, "huaweicloud:secretKey": secretKey };
    for (const secret of [accessKey, secretKey, authToken]) note(secret);
  }

  /** Configures a provider with this stack and environment, which may change later. */
  configure(provider: { configure(request: ReturnType<typeof configRequest>): Promise<void> }): void {
    const real = process.env;
    // A provider keeps the environment that it is configured with, and configure takes effect at once.
    process.env = this.environment;
    void provider.configure(configRequest(this.config));
    process.env = real;
  }

  /** Whether the client can find keys that work and that no 401 has refused. */
  get usable(): boolean {
    const { authToken, accessKey } = this.emulator;
    const found = [this.first, this.environment.HW_ACCESS_KEY];
    return [authToken, accessKey].some((key) => found.includes(key) && !this.doubted.has(key));
  }

  /** New keys reach the client by the environment: the config stays the last up's. */
  renew(): void {
    const { accessKey, secretKey } = this.rotate();
    Object.assign(this.environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  }

  rotate(): { accessKey: string; secretKey: string } {
    const keys = this.emulator.rotateKeys();
    this.rotated = true;
    this.note(keys.accessKey);
    this.note(keys.secretKey);
    return keys;
  }
}
