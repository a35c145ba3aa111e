import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import {
  casInputs,
  casLifecycle,
  commandInputs,
  commandLifecycle,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("State that was edited by hand", () => {
  const emulator = useEmulator();
  const states = {
    WebCliSession: async () => (await webCliLifecycle(emulator()).create(webCliInputs(emulator()))).outs,
    WebCliCommand: async () => {
      const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
      return (await commandLifecycle(emulator()).create(inputs)).outs;
    },
    CasSession: async () => (await casLifecycle().create(casInputs(emulator()))).outs,
  };
  const lifecycleOf = (resource: keyof typeof states) =>
    ({
      WebCliSession: webCliLifecycle(emulator()),
      WebCliCommand: commandLifecycle(emulator()),
      CasSession: casLifecycle(),
    })[resource];

  const edits: [keyof typeof states, string, unknown][] = [
    ["WebCliSession", "clientId", undefined],
    ["WebCliSession", "clientId", ""],
    ["WebCliSession", "clientId", null],
    ["WebCliSession", "instanceId", "../other"],
    ["WebCliSession", "instanceId", "a?b"],
    ["WebCliSession", "projectId", "a#b"],
    ["WebCliSession", "projectId", "a%2fb"],
    ["WebCliSession", "endpoint", "http://dcs.example"],
    ["WebCliSession", "endpoint", 5],
    ["WebCliCommand", "instanceId", "a/b"],
    ["WebCliCommand", "endpoint", "ftp://dcs.example"],
    ["WebCliCommand", "delete", 5],
    ["WebCliCommand", "clientId", ""],
    ["WebCliCommand", "clientId", null],
    ["WebCliCommand", "unclosedClientId", ""],
    ["WebCliCommand", "unclosedClientId", null],
    ["WebCliCommand", "delete", null],
    ["WebCliCommand", "endpoint", undefined],
    ["WebCliCommand", "projectId", undefined],
    ["CasSession", "ticketGrantingCookie", undefined],
    ["CasSession", "ticketGrantingCookie", ""],
    ["CasSession", "ticketGrantingCookie", "TGC=a; Path=/"],
    ["CasSession", "cookies", "a=b\r\nX-Other: c"],
    ["CasSession", "casUrl", "http://manager.example/cas"],
    ["CasSession", "casUrl", undefined],
    ["CasSession", "service", "javascript:alert(1)"],
    ["CasSession", "userAgent", "a\nb"],
  ];
  for (const [resource, name, value] of edits) {
    it(`is refused by every verb of a ${resource} before anything is sent: ${name} ${JSON.stringify(value)}`, async () => {
      const state = { ...(await states[resource]()), [name]: value };
      const sent = emulator().requests().length;
      const lifecycle = lifecycleOf(resource);
      const verbs = [
        lifecycle.delete("", state),
        lifecycle.read("", state),
        lifecycle.diff("", state, state),
        lifecycle.update("", state, state),
      ];
      for (const verb of verbs) {
        const { message } = await rejection(verb);
        assert.match(
          message,
          new RegExp(`^Could not use the state of the ${resource}: \`${name}\` .*nothing was sent`),
        );
      }
      assert.equal(emulator().requests().length, sent);
    });
  }
});
