// Compiles under each way in which TypeScript finds modules, in a project that has installed the package.
import {
  CasSession,
  WebCliCommand,
  WebCliSession,
  type WebCliSessionArgs,
} from "pulumi-huaweicloud-sessions";
import { type SessionMocks, sessionMocks } from "pulumi-huaweicloud-sessions/testing";

const args: WebCliSessionArgs = { instanceId: "i", triggers: ["a"] };
const session = new WebCliSession("cache", args);
export const response = new WebCliCommand("size", { session, create: "DBSIZE" }).response.apply(
  (text: string) => text,
);
export const cookie = new CasSession("manager", { casUrl: "https://m/cas" }).ticketGrantingCookie;
export const mocks: SessionMocks = sessionMocks({ outputs: { size: { response: "1" } } });
