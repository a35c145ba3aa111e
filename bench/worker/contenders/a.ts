import { WebCliSession } from "pulumi-huaweicloud-sessions";
import type { Target } from "../job";

/** This package. Where the API is, and the keys, come from the stack's config. */
export function register(count: number, { instanceId, password }: Target): void {
  for (let i = 0; i < count; i++) new WebCliSession(`session-${i}`, { instanceId, password });
}
