import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import type { CasOptions, CasServer } from "../../tools/cas";
import { SERVICE, type Target } from "./support/browser";
import { confirmations, forms, logOuts, probes } from "./support/scenarios";
import { useCas } from "./support/server";

const suites = [
  { title: "forms and log-ins", scenarios: forms, options: {} },
  { title: "probes", scenarios: probes, options: {} },
  { title: "log-outs", scenarios: logOuts, options: {} },
  { title: "log-outs to confirm", scenarios: confirmations, options: { confirmLogout: true } },
];

for (const { title, scenarios, options } of suites) {
  describe(`The emulator answers as Apereo CAS does: ${title}`, () => {
    const cas = useCas(options);
    const emulator = useTwin(cas, options);
    for (const [name, scenario] of Object.entries(scenarios)) {
      it(name, async () => assert.deepEqual(await scenario(emulator()), await scenario(cas())));
    }
  });
}

/** An emulator with the user, service and settings of a real CAS. */
function useTwin(cas: () => CasServer, options: CasOptions): () => Target {
  let emulator: Emulator | undefined;
  let running: Target | undefined;
  before(async () => {
    const { username, password } = cas();
    const settings = { tls: true, casFlavor: "apereo", services: [SERVICE], username, password } as const;
    emulator = await startEmulator({ ...settings, ...options });
    const { casUrl, caCertificate = "" } = emulator;
    running = { casUrl, username, password, caCertificate };
  });
  after(() => emulator?.close());
  return () => {
    if (!running) throw new Error("the emulator runs within tests only");
    return running;
  };
}
