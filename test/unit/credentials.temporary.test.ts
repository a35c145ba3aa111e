import assert from "node:assert/strict";
import type { FaultTarget } from "../../emulator";
import {
  firstCredentials,
  keysOf,
  open,
  placeOf,
  settingsOf,
  useFiles,
  webCliAt,
} from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { quickRuntime, webCliInputs } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("Temporary credentials", () => {
  const emulator = useEmulator();
  const write = useFiles();
  const idToken = () => ({
    HUAWEICLOUD_SDK_IDP_ID: emulator().idpId,
    HUAWEICLOUD_SDK_ID_TOKEN_FILE: write("token", emulator().idToken),
  });
  const agency = () => ({
    ...keysOf(emulator()),
    HW_ASSUME_ROLE_AGENCY_NAME: "operators",
    HW_ASSUME_ROLE_DOMAIN_NAME: "target",
  });
  /** What asks for them, and where they come from. */
  const sources: [string, FaultTarget, () => Record<string, string>][] = [
    ["an ID token", "iam.idToken", idToken],
    ["an agency", "iam.securityTokens", agency],
    ["the metadata service", "metadata.securityKey", () => ({})],
  ];

  for (const [source, call, environment] of sources) {
    describe(`of ${source}`, () => {
      useEnvironment(environment);
      const isOfServer = call === "metadata.securityKey";
      const asked = () => requestsOn(emulator(), call).filter(({ status }) => status !== 401).length;
      const runtime = (now = Date.now) => {
        return quickRuntime(isOfServer ? { now, metadataEndpoint: emulator().metadataEndpoint } : { now });
      };

      it("are asked for once in a process, however many sessions are opened at the same time", async () => {
        const lifecycle = webCliAt(emulator(), {}, runtime());
        await Promise.all(Array.from({ length: 8 }, () => open(emulator(), lifecycle)));
        assert.deepEqual([emulator().sessions().webCli.opened, asked()], [8, 1]);
      });

      it("are replaced when they end within five minutes, and not before", async () => {
        await emulator.start({ temporaryKeySeconds: 600 });
        let now = Date.now();
        const settings = settingsOf(
          environment(),
          placeOf(emulator()),
          runtime(() => now),
        );
        for (const expected of [1, 1, 2]) {
          await firstCredentials(settings);
          assert.equal(asked(), expected);
          now += 151_000;
        }
      });

      it("are replaced, once, when they are refused before their end", async () => {
        const lifecycle = webCliAt(emulator(), {}, runtime());
        const opened = await open(emulator(), lifecycle);
        emulator().expireTemporaryKeys();
        await lifecycle.delete("", opened);
        assert.deepEqual([asked(), emulator().sessions().webCli.closed], [2, 1]);
      });

      it("are not replaced for ever when all of them are refused", async () => {
        emulator().fault({ on: "webcli.auth", times: 20, do: { status: 401 } });
        const lifecycle = webCliAt(emulator(), {}, runtime());
        for (const _ of [1, 2, 3, 4]) await rejection(lifecycle.create(webCliInputs(emulator())));
        // The metadata service gives the same ones until they near their end.
        assert.deepEqual([asked(), requestsOn(emulator(), "webcli.auth").length], [2, isOfServer ? 1 : 2]);
      });

      if (isOfServer) return;
      it("are asked for again where IAM is busy, for a login, too, because no login was sent", async () => {
        emulator().fault({ on: call, do: { status: 503 } });
        emulator().fault({ on: "iam.securityTokens", do: { drop: "after" } });
        await webCliAt(emulator(), {}, runtime()).create(webCliInputs(emulator()));
        assert.equal(emulator().sessions().webCli.opened, 1);
      });
    });
  }
});
